//! `waqia healthcheck`: asks a running server for `/readyz`, so that an image needs no other program for it.

use anyhow::{Context, Result, bail};
use clap::Args;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Args, Debug)]
pub struct HealthcheckArgs {
    /// Where the server listens; 0.0.0.0 and [::] are asked on the loopback address
    #[arg(long, env = "WAQIA_LISTEN", default_value = "127.0.0.1:8000", value_name = "ADDR:PORT")]
    listen: SocketAddr,
}

pub fn run(args: &HealthcheckArgs) -> Result<ExitCode> {
    let address = reachable(args.listen);
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).with_context(|| format!("nobody answers on {address}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).with_context(|| format!("{address} sends no answer"))?;
    match &head {
        b"HTTP/1.1 200" => Ok(ExitCode::SUCCESS),
        other => bail!("{address} answers \"{}\"", String::from_utf8_lossy(other)),
    }
}

/// An address that means "all" when listening cannot be connected to everywhere.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
