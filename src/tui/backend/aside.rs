//! What goes out with a frame and is not part of the picture: title, mouse, clipboard.

use super::Screen;
use std::io::Write;

/// Buttons and the wheel, with coordinates as numbers.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// GNU screen keeps at most 768 bytes of a control string.
const PIECE: usize = 700;

impl<W: Write> Screen<W> {
    /// Names the window with the next frame. ASCII only: old PuTTY ends a title at the byte 0x9C, which Han text has.
    pub fn title(&mut self, title: &str) {
        self.aside.extend_from_slice(b"\x1b]2;");
        self.aside.extend(title.bytes().filter(|byte| (b' '..=b'~').contains(byte)));
        self.aside.push(0x07);
    }

    /// Has the terminal send clicks and the wheel, or keep them for its own selection.
    pub fn mouse(&mut self, wanted: bool) {
        self.aside.extend_from_slice(if wanted { MOUSE_ON } else { MOUSE_OFF });
    }

    /// Puts a text on the person's clipboard with the next frame (OSC 52). No terminal says whether it did.
    pub fn copy(&mut self, text: &str) {
        self.aside.extend_from_slice(b"\x1b]52;c;");
        base64(text.as_bytes(), &mut self.aside);
        // ESC \ and not BEL: what is not understood is at least not heard.
        self.aside.extend_from_slice(b"\x1b\\");
    }

    /// The same for a terminal behind GNU screen, which hands on only what stands in a control string, a piece at a time.
    /// Whoever else calls himself `screen` (tmux) has taken the plain one and ignores this.
    pub fn copy_through(&mut self, text: &str) {
        let mut code = b"\x1b]52;c;".to_vec();
        base64(text.as_bytes(), &mut code);
        code.push(0x07);
        for piece in code.chunks(PIECE) {
            self.aside.extend_from_slice(b"\x1bP");
            self.aside.extend_from_slice(piece);
            self.aside.extend_from_slice(b"\x1b\\");
        }
    }
}

fn base64(bytes: &[u8], out: &mut Vec<u8>) {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { letter } else { b'=' });
        }
    }
}
