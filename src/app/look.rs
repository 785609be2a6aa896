//! 外观. How somebody wants the screen to look: what he chose, not what it comes to on his terminal.

use crate::domain::value::Lang;

/// 字符集
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skin {
    /// As the terminal was measured.
    Auto,
    /// ASCII and Han only.
    Safe,
    /// Lines, blocks and arrows.
    Line,
}

/// 配色
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// On a dark background.
    Default,
    /// On a light background.
    Light,
    /// Without colours.
    Mono,
}

/// Every skin by its name.
const SKINS: [(Skin, &str); 3] = [(Skin::Auto, "auto"), (Skin::Safe, "safe"), (Skin::Line, "line")];
/// Every theme by its name.
const THEMES: [(Theme, &str); 3] = [(Theme::Default, "default"), (Theme::Light, "light"), (Theme::Mono, "mono")];

impl Skin {
    /// As it is typed.
    #[must_use]
    pub fn name(self) -> &'static str {
        SKINS.iter().find(|(s, _)| *s == self).map_or("", |(_, n)| n)
    }

    /// The skin of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        SKINS.iter().find(|(_, n)| *n == name).map(|(s, _)| *s)
    }
}

impl Theme {
    /// As it is typed.
    #[must_use]
    pub fn name(self) -> &'static str {
        THEMES.iter().find(|(t, _)| *t == self).map_or("", |(_, n)| n)
    }

    /// The theme of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        THEMES.iter().find(|(_, n)| *n == name).map(|(t, _)| *t)
    }
}

/// 外观
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Which language; none = nobody chose.
    pub lang: Option<Lang>,
    /// Which characters; none = nobody chose.
    pub skin: Option<Skin>,
    /// Which colours; none = nobody chose.
    pub theme: Option<Theme>,
    /// No borders, for this session.
    pub plain: bool,
    /// No hints in the footer.
    pub quiet: bool,
}
