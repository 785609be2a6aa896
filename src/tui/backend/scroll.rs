//! Rows that moved: the terminal moves them itself.

use super::Screen;
use super::pen::PLAIN;
use super::rows::position;
use super::slot::Slot;
use std::io::Write;

/// Rows `top..bottom` move up by that many lines, or down if it is negative.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scroll {
    top: u16,
    bottom: u16,
    by: i16,
}

impl<W: Write> Screen<W> {
    /// Moves rows within the terminal.
    pub(super) fn scroll(&mut self, Scroll { top, bottom, by }: Scroll) {
        // The rows that come in take the background of the pen.
        if !self.pen.blank_is_plain() {
            self.style(PLAIN);
        }
        let lines = usize::from(by.unsigned_abs());
        // Deleting and inserting lines is older than scrolling and known to every terminal.
        let (at, letter) = (position(0, top), if by > 0 { 'M' } else { 'L' });
        let count = if lines == 1 { String::new() } else { lines.to_string() };
        let sequence = format!("\u{1b}[{};{bottom}r{at}\u{1b}[{count}{letter}\u{1b}[r", top + 1);
        self.frame.extend_from_slice(sequence.as_bytes());
        self.at = (Some(0), Some(0));
        let width = usize::from(self.size.width);
        let block = &mut self.shown[usize::from(top) * width..usize::from(bottom) * width];
        if by > 0 {
            block.rotate_left(lines * width);
            let kept = block.len() - lines * width;
            block[kept..].fill(Slot::blank());
        } else {
            block.rotate_right(lines * width);
            block[..lines * width].fill(Slot::blank());
        }
        self.touched[usize::from(top)..usize::from(bottom)].fill(true);
    }

    /// The rows that look as if they had moved up or down by a few lines: those where most cells would be right at once.
    pub(super) fn scroll_candidate(&self) -> Option<Scroll> {
        let touched = |touched: &bool| *touched;
        let first = self.touched.iter().position(touched)?;
        let last = self.touched.iter().rposition(touched)?;
        if last - first < 4 {
            return None;
        }
        let width = usize::from(self.size.width);
        let row = |picture: &[Slot], y: usize, other: usize| -> i32 {
            let (wanted, there) = (&self.wanted[y * width..][..width], &picture[other * width..][..width]);
            wanted.iter().zip(there).map(|(a, b)| i32::from(a == b)).sum()
        };
        let unmoved: Vec<i32> = (first..=last).map(|y| row(&self.shown, y, y)).collect();
        let mut best: Option<(i32, Scroll)> = None;
        for by in [1_i16, -1, 2, -2, 3, -3] {
            // The run of rows that gains most (the largest sum of a contiguous part).
            let (mut sum, mut start) = (0, first);
            for y in first..=last {
                let Some(from) = y.checked_add_signed(isize::from(by)).filter(|from| (first..=last).contains(from))
                else {
                    continue;
                };
                if sum <= 0 {
                    (sum, start) = (0, y);
                }
                sum += row(&self.shown, y, from) - unmoved[y - first];
                if sum > best.map_or(0, |(gain, _)| gain) {
                    let lines = usize::from(by.unsigned_abs());
                    let (top, bottom) = if by > 0 { (start, y + 1 + lines) } else { (start - lines, y + 1) };
                    let row = |y: usize| u16::try_from(y).unwrap_or(u16::MAX);
                    best = Some((sum, Scroll { top: row(top), bottom: row(bottom), by }));
                }
            }
        }
        best.map(|(_, scroll)| scroll)
    }
}
