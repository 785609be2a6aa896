//! 系统日志. One line a commit for the log of the system, which its host may keep elsewhere: an anchor of the chain
//! (`reliability.md` §3.6).

use std::io;
use std::os::unix::net::UnixDatagram;

use super::ledger::{Head, hex};

/// `LOG_AUTHPRIV | LOG_INFO`
const PRIORITY: u32 = 10 << 3 | 6;

/// Writes the line, at once or not at all.
///
/// # Errors
/// There is no log, or it is full: nothing waits for it.
pub(super) fn tell(socket: &str, district: &str, head: &Head) -> io::Result<()> {
    let log = UnixDatagram::unbound()?;
    log.set_nonblocking(true)?;
    let (process, seq, hash) = (std::process::id(), head.seq, hex(&head.hash));
    log.send_to(format!("<{PRIORITY}>dukao[{process}]: dukao {district} {seq} {hash}").as_bytes(), socket)?;
    Ok(())
}
