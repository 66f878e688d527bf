//! [`write`]: a page as PDF, by a browser of this machine.

use crate::cli::error::{CliError, Exit};
use crate::cli::session::Session;
use kaslite_engine::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Browsers that print without a window, and one program that only prints.
const BROWSERS: [&str; 8] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "brave-browser",
    "weasyprint",
];

/// Writes a page as PDF.
pub(super) fn write(session: &Session, page: &str, place: &Path) -> Result<(), CliError> {
    let Some(browser) = browser(session) else {
        let hint = "install Chromium, Chrome, Edge or WeasyPrint, or name one by `KASLITE_BROWSER`";
        return Err(
            CliError::usage("no browser on the PATH that can print to PDF")
                .hint(hint)
                .hint("`--html` writes the page, which any browser prints"),
        );
    };
    let failed = |error: std::io::Error| CliError::from_error(&error, Exit::Internal);
    let folder = tempfile::tempdir().map_err(failed)?;
    let (source, made) = (
        folder.path().join("report.html"),
        folder.path().join("report.pdf"),
    );
    fs::write_atomic(&source, page.as_bytes())?;
    let mut command = Command::new(&browser);
    let is_weasyprint = browser.file_stem().is_some_and(|name| name == "weasyprint");
    if is_weasyprint {
        command.arg(&source).arg(&made);
    } else {
        command.args(["--headless", "--disable-gpu", "--no-pdf-header-footer"]);
        // The sandbox refuses to work for root; the page is ours, and asks for nothing.
        if rustix::process::geteuid().is_root() {
            command.arg("--no-sandbox");
        }
        command.arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ));
        command
            .arg(format!("--print-to-pdf={}", made.display()))
            .arg(&source);
    }
    let ran = command.stdin(Stdio::null()).output();
    let ran = ran.map_err(|error| {
        CliError::usage(format!("cannot start `{}`: {error}", browser.display()))
    })?;
    let Ok(bytes) = std::fs::read(&made) else {
        let said = String::from_utf8_lossy(&ran.stderr);
        let last = said
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty())
            .unwrap_or("it said nothing");
        let message = format!("`{}` made no PDF: {last}", browser.display());
        return Err(
            CliError::usage(message).hint("`--html` writes the page, which any browser prints")
        );
    };
    Ok(fs::write_atomic(place, &bytes)?)
}

fn browser(session: &Session) -> Option<PathBuf> {
    if let Some(named) = session.environment.get("KASLITE_BROWSER") {
        return Some(PathBuf::from(named));
    }
    let path = session.environment.get("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(path).collect();
    let there = |name: &&str| {
        folders
            .iter()
            .map(|folder| folder.join(name))
            .find(|file| file.is_file())
    };
    BROWSERS.iter().find_map(there)
}
