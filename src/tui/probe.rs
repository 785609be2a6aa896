//! Measuring the terminal: how wide it draws the glyphs that terminals disagree about, and whether it reads UTF-8.
//!
//! One write, one round trip, once per session, before the event reader starts. Only the cursor position and the device
//! attributes are asked for: their late answers are swallowed by crossterm, any other late answer would type into the grid.

use super::backend::Ambiguous;
use super::glyphs::Skin;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

/// What is measured: a Han character, then a line, a mark, a quotation mark and a block.
pub const GLYPHS: [&str; 5] = ["中", "─", "●", "“", "▁"];

/// How long the answer may take, on the spot and over SSH.
#[must_use]
pub const fn patience(ssh: bool) -> Duration {
    Duration::from_millis(if ssh { 800 } else { 250 })
}

/// How long the rest of an answer that has begun may take.
const REST: Duration = Duration::from_millis(250);

/// What the terminal answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The column after each glyph and an `x` behind it, counted from 1.
    columns: Vec<u16>,
    /// The fence came: there will be no more answers.
    complete: bool,
    /// An answer has begun and is not all there yet.
    torn: bool,
    /// What the person typed meanwhile.
    pub typed: Vec<u8>,
}

impl Answer {
    /// Whether the terminal took the UTF-8 for GBK: three bytes and the `x` became two wide characters.
    #[must_use]
    pub fn is_gbk(&self) -> bool {
        self.columns.first() == Some(&5)
    }

    /// The cells of each glyph that was measured; fewer than there are if the terminal did not answer.
    #[must_use]
    pub fn widths(&self) -> Vec<(&'static str, u16)> {
        GLYPHS.into_iter().zip(self.columns.iter().map(|column| column.saturating_sub(2))).collect()
    }

    /// What is known about ambiguous glyphs now; None if nothing.
    #[must_use]
    pub fn ambiguous(&self) -> Option<Ambiguous> {
        match self.columns.as_slice() {
            [4, 3, 3, 3, 3] => Some(Ambiguous::Narrow),
            [4, _, _, 4, _] => Some(Ambiguous::Wide),
            _ => None,
        }
    }

    /// The skin that is right on this terminal.
    #[must_use]
    pub fn skin(&self) -> Skin {
        if self.ambiguous() == Some(Ambiguous::Narrow) { Skin::Line } else { Skin::Safe }
    }

    /// Takes the answers out of what came from the terminal; the rest was typed.
    fn parse(bytes: &[u8]) -> Self {
        let mut answer = Self::default();
        let mut rest = bytes;
        while let Some((&first, after)) = rest.split_first() {
            if let Some((length, reply)) = reply(rest) {
                rest = &rest[length..];
                match reply {
                    Reply::Column(column) => answer.columns.push(column),
                    Reply::Fence => answer.complete = true,
                }
            } else if is_torn(rest) {
                answer.torn = true;
                return answer;
            } else {
                answer.typed.push(first);
                rest = after;
            }
        }
        answer
    }
}

enum Reply {
    Column(u16),
    Fence,
}

/// `CSI row ; column R` or `CSI ? … c` at the beginning of these bytes, and its length.
fn reply(bytes: &[u8]) -> Option<(usize, Reply)> {
    let body = bytes.strip_prefix(b"\x1b[")?;
    let end = body.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b';' | b'?'))?;
    let text = std::str::from_utf8(&body[..end]).ok()?;
    let reply = match body[end] {
        b'R' => Reply::Column(text.split_once(';')?.1.parse().ok()?),
        b'c' if text.starts_with('?') => Reply::Fence,
        _ => return None,
    };
    Some((end + 3, reply))
}

/// Whether these bytes may be the beginning of an answer.
fn is_torn(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\x1b[").is_some_and(|body| body.iter().all(|byte| matches!(byte, b'0'..=b'9' | b';' | b'?')))
}

fn request() -> Vec<u8> {
    let mut request = b"\x1b7".to_vec();
    for glyph in GLYPHS {
        request.extend_from_slice(format!("\u{1b}[H{glyph}x\u{1b}[6n").as_bytes());
    }
    request.extend_from_slice(b"\x1b[c\x1b8");
    request
}

/// Measures the terminal. What was on its first row is gone afterwards: paint in full.
///
/// # Errors
/// When the terminal fails. A terminal that does not answer is no failure.
pub fn measure(out: &mut impl Write, patience: Duration) -> io::Result<Answer> {
    measure_at(out, io::stdin(), patience)
}

fn measure_at(out: &mut impl Write, input: impl AsFd, patience: Duration) -> io::Result<Answer> {
    out.write_all(&request())?;
    out.flush()?;
    let mut end = Instant::now() + patience;
    // What is cut in two by the end of the patience would be typed by its second half.
    let mut once_more = true;
    let mut bytes = Vec::new();
    loop {
        let answer = Answer::parse(&bytes);
        let mut left = end.saturating_duration_since(Instant::now());
        if left.is_zero() && answer.torn && std::mem::take(&mut once_more) {
            end += REST;
            left = REST;
        }
        if answer.complete || left.is_zero() {
            return Ok(answer);
        }
        let wait = Timespec { tv_sec: left.as_secs().cast_signed(), tv_nsec: left.subsec_nanos().into() };
        let mut fds = [PollFd::new(&input, PollFlags::IN)];
        match poll(&mut fds, Some(&wait)) {
            Ok(0) => {}
            Ok(_) => {
                let mut chunk = [0; 256];
                match rustix::io::read(&input, &mut chunk) {
                    Ok(0) => return Ok(answer),
                    Ok(count) => bytes.extend_from_slice(&chunk[..count]),
                    Err(rustix::io::Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixStream;

    /// The answers of a terminal that draws the four glyphs in those cells.
    fn answers(columns: [u16; 5]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for column in columns {
            bytes.extend_from_slice(format!("\u{1b}[1;{column}R").as_bytes());
        }
        bytes.extend_from_slice(b"\x1b[?62;22c");
        bytes
    }

    fn measured(sent: &[u8]) -> Answer {
        let (mut terminal, ours) = UnixStream::pair().unwrap();
        terminal.write_all(sent).unwrap();
        measure_at(&mut Vec::new(), ours, Duration::from_millis(20)).unwrap()
    }

    #[test]
    fn a_narrow_terminal_gets_lines() {
        let answer = measured(&answers([4, 3, 3, 3, 3]));
        assert_eq!(answer.widths(), [("中", 2), ("─", 1), ("●", 1), ("“", 1), ("▁", 1)]);
        assert_eq!((answer.skin(), answer.ambiguous()), (Skin::Line, Some(Ambiguous::Narrow)));
    }

    #[test]
    fn any_wide_glyph_and_no_answer_are_safe() {
        assert_eq!(measured(&answers([4, 4, 4, 4, 4])).ambiguous(), Some(Ambiguous::Wide));
        let mixed = measured(&answers([4, 3, 4, 3, 3]));
        assert_eq!((mixed.skin(), mixed.ambiguous()), (Skin::Safe, None));
        let silent = measured(b"");
        assert_eq!((silent.skin(), silent.ambiguous(), silent.complete), (Skin::Safe, None, false));
        let fence_only = measured(b"\x1b[?1;2c");
        assert_eq!((fence_only.skin(), fence_only.complete), (Skin::Safe, true));
    }

    #[test]
    fn a_gbk_terminal_is_found_out() {
        assert!(measured(&answers([5, 4, 4, 4, 4])).is_gbk());
        assert!(!measured(&answers([4, 4, 4, 4, 4])).is_gbk());
    }

    #[test]
    fn keys_typed_meanwhile_are_kept() {
        let mut sent = b"5\x1b[B".to_vec();
        sent.extend(answers([4, 3, 3, 3, 3]));
        sent.insert(0, b'j');
        let answer = measured(&sent);
        assert_eq!(answer.typed, b"j5\x1b[B");
        assert_eq!(answer.skin(), Skin::Line);
    }

    /// The answers come in two pieces; the second one after the patience, but the first one ends within an answer.
    #[test]
    fn a_split_answer_is_waited_for() {
        let whole = answers([4, 3, 3, 3, 3]);
        for cut in 2..whole.len() {
            let (mut terminal, ours) = UnixStream::pair().unwrap();
            terminal.write_all(&whole[..cut]).unwrap();
            let torn = is_torn(&whole[whole[..cut].iter().rposition(|byte| *byte == 0x1b).unwrap()..cut]);
            let rest = whole[cut..].to_vec();
            let answering = std::thread::spawn(move || {
                let mut fds = [PollFd::new(&terminal, PollFlags::empty())];
                let wait = Timespec { tv_sec: 0, tv_nsec: 15_000_000 };
                poll(&mut fds, Some(&wait)).unwrap();
                terminal.write_all(&rest).unwrap();
                terminal
            });
            let patience = Duration::from_millis(if torn { 1 } else { 500 });
            let answer = measure_at(&mut Vec::new(), &ours, patience).unwrap();
            drop(answering.join());
            assert!(answer.complete && answer.typed.is_empty(), "cut at {cut}: {answer:?}");
            assert_eq!(answer.skin(), Skin::Line, "cut at {cut}");
        }
    }

    #[test]
    fn a_piece_of_an_answer_is_not_typed() {
        let answer = measured(b"j\x1b[1;4R\x1b[1;");
        assert_eq!((answer.typed.as_slice(), answer.skin()), (b"j".as_slice(), Skin::Safe));
    }

    #[test]
    fn the_request_asks_for_positions_and_one_fence_only() {
        let request = String::from_utf8(request()).unwrap();
        assert_eq!(request.matches("\u{1b}[6n").count(), 5);
        assert_eq!(request.matches("\u{1b}[c").count(), 1);
        assert!(!request.contains("\u{1b}]") && !request.contains("\u{1b}P"));
    }
}
