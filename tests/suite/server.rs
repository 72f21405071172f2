//! The built server in a process of its own, on a free port, with a content folder of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Longest wait for anything; only a fault lets it pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; it is killed when the test ends.
pub(crate) struct Server {
    child: Child,
    pub(crate) base: String,
    log: Arc<Mutex<String>>,
    pub(crate) content: PathBuf,
    cache: PathBuf,
    folder: tempfile::TempDir,
}

/// What a request brought.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

impl Server {
    /// Starts on a copy of the real content, with results.
    pub(crate) fn start(flags: &[&str]) -> Self {
        Self::start_with(flags, |_| {})
    }

    /// Starts on a copy of the real content after `change` has changed it.
    pub(crate) fn start_with(flags: &[&str], change: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let content = folder.path().join("content");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), &content);
        change(&content);
        let cache = folder.path().join("cache");
        Self::launch(folder, content, cache, flags)
    }

    /// Starts another site with the cache folder of this one.
    pub(crate) fn start_neighbour(&self, flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let content = folder.path().join("content");
        copy(&self.content, &content);
        Self::launch(folder, content, self.cache(), flags)
    }

    /// Stops the server if it runs, and starts it again on the same folders.
    pub(crate) fn restart(mut self, flags: &[&str]) -> Self {
        if self.child.try_wait().unwrap().is_none() {
            self.stop("-TERM");
        }
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Self::launch(folder, self.content.clone(), self.cache.clone(), flags)
    }

    fn launch(folder: tempfile::TempDir, content: PathBuf, cache: PathBuf, flags: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vdlm"))
            .args(["serve", "--port", "0", "--content"])
            .arg(&content)
            .arg("--cache")
            .arg(&cache)
            .args(flags)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let writer = log.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                writer.lock().unwrap().push_str(&format!("{line}\n"));
            }
        });
        let mut server = Self { child, base: String::new(), log, content, cache, folder };
        server.wait_for_log(" is up after");
        server.base = server.log().split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
        server
    }

    /// The folder for computed results.
    pub(crate) fn cache(&self) -> PathBuf {
        self.cache.clone()
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn wait_for_log(&self, text: &str) {
        wait(|| self.log().contains(text), || format!("`{text}` in the log:\n{}", self.log()));
    }

    /// A request as a visitor from elsewhere makes it: the host is not this machine's.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[("host", "vdlm.example")])
    }

    /// A request as an organiser on this machine makes it.
    pub(crate) fn get_local(&self, path: &str) -> Answer {
        self.request("GET", path, &[])
    }

    pub(crate) fn request(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(method, path, headers, "")
    }

    /// A request with a body.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match body {
            "" => agent.run(request.body(()).unwrap()),
            body => agent.run(request.body(body.to_owned()).unwrap()),
        }
        .unwrap();
        let bytes = response.body_mut().read_to_vec().unwrap();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: response.status().as_u16(), headers: response.headers().clone(), body }
    }

    /// Waits until a page holds a text.
    pub(crate) fn wait_for(&self, path: &str, text: &str) {
        wait(|| self.get(path).body.contains(text), || format!("`{text}` at {path}; log:\n{}", self.log()));
    }

    pub(crate) fn edit(&self, file: &str, change: impl FnOnce(String) -> String) {
        let path = self.content.join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, change(text)).unwrap();
    }

    /// Sends a signal and gives the exit code and the time it took.
    pub(crate) fn stop(&mut self, signal: &str) -> (Option<i32>, Duration) {
        let start = Instant::now();
        Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        let mut code = None;
        wait(
            || {
                code = self.child.try_wait().unwrap();
                code.is_some()
            },
            || "the end of the process".to_owned(),
        );
        (code.and_then(|status| status.code()), start.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when the process has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn wait(mut done: impl FnMut() -> bool, what: impl Fn() -> String) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "waited in vain for {}", what());
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
