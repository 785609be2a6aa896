//! Roles and how they look: the 16 ANSI colours as foreground, and attributes. Every role has a second carrier besides
//! its colour (a mark, a word, an attribute), so that nothing is lost without colours.

use super::glyphs::{Glyphs, Skin};
use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ordinary text.
    #[default]
    Text,
    /// Of less weight.
    Dim,
    /// Title.
    Title,
    /// Header of a table.
    Header,
    /// Selection, tabs, the banner of 试算.
    Selection,
    /// A cell whose text cannot be saved.
    Invalid,
    /// 滞后 逾期 错误.
    Bad,
    /// 临期 黄.
    Warn,
    /// 已完成 绿.
    Good,
    /// Information and keys.
    Info,
    /// Rank or value went up.
    Up,
    /// Rank or value went down.
    Down,
    /// Changed since the last key.
    Changed,
    /// Every second row, with 256 colours only.
    Zebra,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 14] = [
        Self::Text,
        Self::Dim,
        Self::Title,
        Self::Header,
        Self::Selection,
        Self::Invalid,
        Self::Bad,
        Self::Warn,
        Self::Good,
        Self::Info,
        Self::Up,
        Self::Down,
        Self::Changed,
        Self::Zebra,
    ];
}

/// How many colours may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// Attributes only (`NO_COLOR`, `--color never`, `TERM=vt100`, theme `mono`).
    None,
    /// The 16 ANSI colours.
    #[default]
    Sixteen,
    /// These and a soft zebra.
    TwoFiftySix,
}

/// How this session looks: skin, colours, background of the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    /// Which characters.
    pub skin: Skin,
    /// Which colours.
    pub colours: Colours,
    /// The terminal's background is light: yellow would not be read.
    pub light: bool,
    /// No borders, so that the terminal's own selection takes text alone.
    pub plain: bool,
}

impl Theme {
    /// From the district's `ui.theme` (`dark`, `light`, `mono`) and what the environment says about colours.
    #[must_use]
    pub fn new(skin: Skin, ui_theme: &str, colours: Colours) -> Self {
        let colours = if ui_theme == "mono" { Colours::None } else { colours };
        Self { skin, colours, light: ui_theme == "light", plain: false }
    }

    /// The characters to draw with.
    #[must_use]
    pub const fn glyphs(&self) -> &'static Glyphs {
        if self.plain { &super::glyphs::PLAIN } else { self.skin.glyphs() }
    }

    /// How a role looks.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        let plain = Style::new();
        let yellow = if self.light { Color::Magenta } else { Color::Yellow };
        let style = match role {
            Role::Text => plain,
            Role::Dim => plain.fg(Color::DarkGray),
            Role::Title | Role::Changed => plain.add_modifier(Modifier::BOLD),
            Role::Header => plain.add_modifier(Modifier::UNDERLINED),
            Role::Selection => plain.add_modifier(Modifier::REVERSED),
            Role::Invalid => plain.fg(Color::Red).add_modifier(Modifier::UNDERLINED),
            Role::Bad => plain.fg(Color::Red).add_modifier(Modifier::BOLD),
            Role::Warn => plain.fg(yellow),
            Role::Good | Role::Up => plain.fg(Color::Green),
            Role::Info => plain.fg(Color::Cyan),
            Role::Down => plain.fg(Color::Red),
            Role::Zebra if self.colours == Colours::TwoFiftySix => {
                plain.bg(Color::Indexed(if self.light { 255 } else { 234 }))
            }
            Role::Zebra => plain,
        };
        match self.colours {
            Colours::None => {
                let attributes = Style { fg: None, bg: None, ..style };
                if role == Role::Dim { attributes.add_modifier(Modifier::DIM) } else { attributes }
            }
            Colours::Sixteen | Colours::TwoFiftySix => style,
        }
    }

    /// How a role looks inside the selection: one even bar. Where bold is a brighter colour, and with colours anyway,
    /// roles would break it into patches; their marks and words stand in it all the same.
    #[must_use]
    pub fn selected(&self, role: Role) -> Style {
        let underlined = self.style(role).add_modifier & Modifier::UNDERLINED;
        Style::new().add_modifier(Modifier::REVERSED | underlined)
    }
}

/// The colours that the environment allows: `NO_COLOR` (not empty), `TERM`, and what the command line says.
#[must_use]
pub fn colours_of(no_color: Option<&str>, term: Option<&str>, option: Option<bool>) -> Colours {
    let none = match option {
        Some(wanted) => !wanted,
        None => {
            no_color.is_some_and(|value| !value.is_empty())
                || term.is_none_or(|term| term.is_empty() || term == "dumb" || term.starts_with("vt1"))
        }
    };
    match term {
        _ if none => Colours::None,
        Some(term) if term.contains("256color") => Colours::TwoFiftySix,
        _ => Colours::Sixteen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_only_attributes_stay() {
        let theme = Theme { colours: Colours::None, ..Theme::default() };
        for role in Role::ALL {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
        assert!(theme.style(Role::Bad).add_modifier.contains(Modifier::BOLD));
        assert!(theme.style(Role::Selection).add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn the_selection_is_one_even_bar() {
        for theme in [Theme::default(), Theme { colours: Colours::None, ..Theme::default() }] {
            let bar = theme.selected(Role::Text);
            for role in Role::ALL.into_iter().filter(|role| !matches!(role, Role::Header | Role::Invalid)) {
                assert_eq!(theme.selected(role), bar, "{role:?}");
            }
            assert!(theme.selected(Role::Invalid).add_modifier.contains(Modifier::UNDERLINED));
        }
    }

    #[test]
    fn sixteen_colours_have_no_background() {
        for light in [false, true] {
            let theme = Theme { light, ..Theme::default() };
            for role in Role::ALL {
                let style = theme.style(role);
                assert_eq!(style.bg, None, "{role:?}");
                assert!(!matches!(style.fg, Some(Color::Indexed(_) | Color::Rgb(..))), "{role:?}");
            }
        }
    }

    #[test]
    fn yellow_is_not_used_on_a_light_background() {
        assert_eq!(Theme::default().style(Role::Warn).fg, Some(Color::Yellow));
        assert_eq!(Theme::new(Skin::Safe, "light", Colours::Sixteen).style(Role::Warn).fg, Some(Color::Magenta));
        assert_eq!(Theme::new(Skin::Safe, "mono", Colours::Sixteen).colours, Colours::None);
    }

    #[test]
    fn the_environment_decides_about_colours() {
        assert_eq!(colours_of(None, Some("xterm"), None), Colours::Sixteen);
        assert_eq!(colours_of(None, Some("xterm-256color"), None), Colours::TwoFiftySix);
        assert_eq!(colours_of(Some("1"), Some("xterm"), None), Colours::None);
        assert_eq!(colours_of(Some(""), Some("xterm"), None), Colours::Sixteen);
        assert_eq!(colours_of(None, Some("vt100"), None), Colours::None);
        assert_eq!(colours_of(Some("1"), Some("xterm"), Some(true)), Colours::Sixteen);
        assert_eq!(colours_of(None, Some("xterm-256color"), Some(false)), Colours::None);
    }
}
