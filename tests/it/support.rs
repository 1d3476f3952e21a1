//! A real server on a free port with a real base in a temporary folder, and a client that sends exactly the bytes it is given.

use clap::Parser;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::thread::JoinHandle;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::oneshot;
use waqia::clock::Clock;
use waqia::config::ServerConfig;
use waqia::server::{self, ConnectionLimits};

/// A running server; stops when dropped.
pub struct Server {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    folder: Option<TempDir>,
}

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: ServerConfig,
}

/// One server with the built-in seeds for all tests that do not write.
pub fn shared() -> &'static Server {
    static SHARED: LazyLock<Server> = LazyLock::new(|| Server::start(&[]));
    &SHARED
}

impl Server {
    /// Starts a server with these flags beside `--listen` and `--database`.
    pub fn start(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().join("test.db");
        let mut line = vec!["waqia"];
        if !flags.contains(&"--database") {
            line.extend(["--database", base.to_str().unwrap()]);
        }
        if !flags.contains(&"--listen") {
            line.extend(["--listen", "127.0.0.1:0"]);
        }
        line.extend(flags);
        let config = Flags::try_parse_from(line).unwrap().config;
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let bound = server::bind(config.serve.listen).await.unwrap();
                let app = server::open(&config, bound.address, Clock::System).await.unwrap();
                tell.send(bound.address).unwrap();
                let router = server::service(&config, app.clone());
                let stopped = async {
                    let _ = stopped.await;
                    app.jobs.stop();
                };
                bound.serve(router, ConnectionLimits::from(&config.serve), stopped).await;
                app.store.close().await;
            });
            // As the program does: a text that the engine still reads is not waited for.
            runtime.shutdown_background();
        });
        let address = told.recv().expect("the server started");
        Self { address, stop: Some(stop), thread: Some(thread), folder: Some(folder) }
    }

    /// A client of a server that somebody else keeps running on this port.
    pub fn on(port: u16) -> Self {
        Self { address: SocketAddr::from(([127, 0, 0, 1], port)), stop: None, thread: None, folder: None }
    }

    /// The file of its base.
    pub fn base(&self) -> PathBuf {
        self.folder.as_ref().expect("a server of our own").path().join("test.db")
    }

    /// Asks it to stop and waits until it has.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// GET that must be answered 200 with JSON.
    #[track_caller]
    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// GET that must be refused with this problem code; gives the problem.
    #[track_caller]
    pub fn refused(&self, path: &str, code: &str) -> Value {
        let problem = self.get(path).problem();
        assert_eq!(problem["code"], code, "{path}: {problem}");
        problem
    }

    pub fn post(&self, path: &str, content_type: &str, body: impl AsRef<[u8]>) -> Answer {
        self.send("POST", path, &[("content-type", content_type)], body.as_ref())
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\n").into_bytes();
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request.extend(format!("Host: {}\r\n", self.address).bytes());
        }
        for (name, value) in headers {
            request.extend(format!("{name}: {value}\r\n").bytes());
        }
        if !body.is_empty() || method == "POST" {
            request.extend(format!("Content-Length: {}\r\n", body.len()).bytes());
        }
        request.extend(b"Connection: close\r\n\r\n");
        request.extend(body);
        Answer::read(&self.raw(&request)).unwrap_or_else(|| panic!("no answer to {method} {path}"))
    }

    /// Sends these bytes and gives all that comes back until the server closes the connection.
    pub fn raw(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut writing = stream.try_clone().unwrap();
        let request = request.to_vec();
        // Beside reading: a server that refuses a large body answers before it has read it.
        let writer = std::thread::spawn(move || {
            let _ = writing.write_all(&request);
        });
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        drop(stream);
        writer.join().unwrap();
        bytes
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// Reads a whole HTTP/1.1 response.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<(String, String)> =
            lines.filter_map(|l| l.split_once(':')).map(|(n, v)| (n.trim().to_ascii_lowercase(), v.trim().to_owned())).collect();
        let rest = &bytes[end + 4..];
        let chunked = headers.iter().any(|(n, v)| n == "transfer-encoding" && v == "chunked");
        let body = if chunked { unchunk(rest)? } else { rest.to_vec() };
        Some(Self { status, headers, body })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// Checks that this is a problem in the form that all problems have.
    #[track_caller]
    pub fn problem(&self) -> Value {
        assert!(self.status >= 400, "{} {}", self.status, self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{} {}", self.status, self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        assert_eq!(problem["instance"].as_str(), self.header("x-request-id"));
        assert_eq!(problem["type"], format!("/problems/{}", problem["code"].as_str().unwrap()));
        for member in ["title", "detail"] {
            assert!(problem[member].as_str().is_some_and(|t| !t.is_empty()), "{member} in {problem}");
        }
        problem
    }
}

/// The bytes of a chunked body; `None` where it breaks off.
fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|w| w == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?, 16).ok()?;
        rest = &rest[line + 2..];
        if size == 0 {
            return Some(body);
        }
        body.extend(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}
