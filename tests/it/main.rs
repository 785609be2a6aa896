//! The one integration-test crate: what can only be seen from outside.

mod pty;
