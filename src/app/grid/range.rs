//! 选区. A rectangle of cells between the cell where it was begun and the cursor.

use super::Grid;

impl<R: Copy + Ord, C: Copy + Ord> Grid<R, C> {
    /// Begins a range at the cursor, unless one is under way.
    pub fn begin_range(&mut self) {
        self.anchor = self.anchor.or_else(|| self.cell());
    }

    /// 取消选区
    pub fn end_range(&mut self) {
        self.anchor = None;
    }

    /// Whether a range is being selected.
    #[must_use]
    pub fn in_range(&self) -> bool {
        self.anchor.is_some()
    }

    /// Rows and columns of the range; those of the cursor alone where there is none.
    #[must_use]
    pub fn block(&self) -> (&[R], &[C]) {
        let (row, column) = (self.row.place(), self.column.place());
        let corner = self.anchor.and_then(|(r, c)| {
            Some((self.rows.iter().position(|x| *x == r)?, self.columns.iter().position(|x| *x == c)?))
        });
        let (r, c) = corner.unwrap_or((row, column));
        let rows = self.rows.get(row.min(r)..=row.max(r)).unwrap_or_default();
        let columns = self.columns.get(column.min(c)..=column.max(c)).unwrap_or_default();
        (rows, columns)
    }

    /// The cells of the range, row by row; the cell under the cursor where there is none.
    #[must_use]
    pub fn selected(&self) -> Vec<(R, C)> {
        let (rows, columns) = self.block();
        rows.iter().flat_map(|r| columns.iter().map(move |c| (*r, *c))).collect()
    }
}
