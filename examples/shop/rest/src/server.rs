//! What a server takes from its environment.

use crate::{Error, Store};
use std::{env, io, net::Ipv4Addr, time::Duration};
use tokio::net::TcpListener;

/// How long a login lasts.
const LOGIN: Duration = Duration::from_hours(8);

impl Store {
    /// The demo, whose logins last for `LOGIN_SECONDS`, or 8 hours.
    ///
    /// # Errors
    ///
    /// As for [`Store::demo`], and if the variable is not a number.
    pub fn from_env() -> Result<Self, Error> {
        let Ok(seconds) = env::var("LOGIN_SECONDS") else {
            return Self::demo(LOGIN);
        };
        let seconds = seconds.parse();
        let seconds = seconds.map_err(|_| Error::Invalid("LOGIN_SECONDS is not a number"))?;
        Self::demo(Duration::from_secs(seconds))
    }
}

/// Listens on the address in this variable, or on this port of the loopback, and says so.
///
/// # Errors
///
/// If the address is taken, or none.
pub async fn listen(variable: &str, port: u16) -> io::Result<TcpListener> {
    let default = (Ipv4Addr::LOCALHOST, port);
    let listener = match env::var(variable) {
        Ok(address) => TcpListener::bind(address).await?,
        Err(_) => TcpListener::bind(default).await?,
    };
    println!("http://{} ({variable})", listener.local_addr()?);
    Ok(listener)
}
