//! 鼠标. Where the list under the hand stands on the screen, as last drawn.

/// 列表行. The rows of the list that takes the keys, in cells of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedRows {
    /// First column.
    pub x: u16,
    /// First row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub rows: u16,
    /// Row of the selected item.
    pub selected: u16,
}

impl ListedRows {
    /// How many rows a place lies below (or, negative, above) the selected one; none outside the list.
    #[must_use]
    pub fn below_selected(self, column: u16, row: u16) -> Option<i32> {
        let inside = (self.x..self.x + self.width).contains(&column) && (self.y..self.y + self.rows).contains(&row);
        inside.then(|| i32::from(row) - i32::from(self.selected))
    }
}

/// 页签. Where the names of the views stand, in their order: columns from and up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tabs {
    /// The row.
    pub y: u16,
    /// Columns of each name.
    pub columns: Vec<(u16, u16)>,
}

impl Tabs {
    /// The number of the view whose name is at a place.
    #[must_use]
    pub fn at(&self, column: u16, row: u16) -> Option<u8> {
        let place = self.columns.iter().position(|(from, to)| row == self.y && (*from..*to).contains(&column))?;
        u8::try_from(place + 1).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_is_so_many_rows_from_the_cursor() {
        let list = ListedRows { x: 2, y: 3, width: 40, rows: 10, selected: 5 };
        assert_eq!(list.below_selected(2, 3), Some(-2));
        assert_eq!(list.below_selected(41, 12), Some(7));
        for (column, row) in [(1, 5), (42, 5), (20, 2), (20, 13)] {
            assert_eq!(list.below_selected(column, row), None);
        }
    }
}
