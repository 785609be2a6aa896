//! 榜单. Leaderboards of headquarters and towns (F9, F11–F13).
