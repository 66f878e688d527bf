//! The page in a browser: nothing on the console, no request, tables that sort, light and dark.

use crate::support::Space;
use std::process::{Command, Stdio};

/// A browser of this machine; says so where there is none.
#[expect(clippy::print_stderr, reason = "a test that checks nothing says so")]
fn browser() -> Option<String> {
    let path = std::env::var("PATH").unwrap_or_default();
    let there = |name: &str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    let found = ["chromium", "google-chrome"]
        .into_iter()
        .find(|name| there(name));
    if found.is_none() {
        eprintln!("skipped: no browser on the PATH");
    }
    found.map(str::to_owned)
}

/// What the browser says of a page, and its document when all has run. A request to anywhere fails, and
/// that stands on the console.
fn shown(browser: &str, space: &Space, page: &str, dark: bool) -> (String, String) {
    let profile = tempfile::tempdir().expect("a folder");
    let profile = format!("--user-data-dir={}", profile.path().display());
    let scheme = format!("--blink-settings=preferredColorScheme={}", i32::from(!dark));
    let page = format!("file://{}", space.path(page).display());
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--enable-logging=stderr",
        "--virtual-time-budget=2000",
        "--dump-dom",
        &profile,
        &scheme,
        &page,
    ];
    let ran = Command::new(browser)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the browser starts");
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    let said = said.lines().filter(|line| line.contains(":CONSOLE"));
    let said: Vec<&str> = said.collect();
    (
        said.join("\n"),
        String::from_utf8_lossy(&ran.stdout).into_owned(),
    )
}

/// Writes what it sees into the page: the colours, what was asked for over the network, and whether two clicks on a head of the longest table
/// sort it up and down.
const PROBE: &str = "<script>
const rows = (table) => table.tBodies[0].rows;
const table = [...document.querySelectorAll('table.sorts')].sort((a, b) => rows(b).length - rows(a).length)[0];
const cells = () => [...rows(table)].map((row) => row.cells[0].textContent.trim());
const wanted = cells().sort((a, b) => a.localeCompare(b)), is = (list) => cells().join('|') === list.join('|');
const head = table.querySelector('th');
head.click();
const up = is(wanted);
head.click();
const down = is(wanted.reverse());
const p = document.createElement('p');
p.id = 'probe';
onload = () => {
p.textContent = JSON.stringify({page: getComputedStyle(document.body).backgroundColor, rows: wanted.length, up, down, requests: performance.getEntriesByType('resource').length});
document.body.append(p);
};
</script></body>";

/// What the probe saw.
fn probe(document: &str) -> serde_json::Value {
    let probe = document.split("id=\"probe\">").nth(1).expect("the probe");
    let probe = probe.split("</p>").next().expect("its end");
    serde_json::from_str(probe).expect("JSON")
}

fn project() -> Space {
    let space = Space::new(
        "stages:
  a: {cmd: 'cp $KASLITE_PARAMS a.out && echo {} > m.json', params: [a, z], outs: [a.out], metrics: [m.json]}
  report: {uses: report, deps: [a.out], params: [report], outs: [REPORT.md, figures/]}
",
    );
    space.write("params.yaml", "a: {n: 10}\nz: {n: 9}\n");
    space.kaslite("repro").ok();
    space.kaslite("repro --set a.n=2").ok();
    space
}

#[test]
fn pages_say_nothing_on_the_console_and_their_tables_sort() {
    let Some(browser) = browser() else { return };
    let space = project();
    space.kaslite("report --html -o pipeline.html").ok();
    space.kaslite("report latest --html -o run.html").ok();
    space
        .kaslite("report latest~1 latest --html -o runs.html")
        .ok();
    // What the test would see if there were something.
    let bad = "<body><script>console.error('seen')</script><img src='https://example.com/a.png'>\
        <table class=sorts><thead><tr><th>a</th></tr></thead><tbody></tbody></table>";
    space.write("bad.html", format!("{bad}{PROBE}"));
    let (said, document) = shown(&browser, &space, "bad.html", false);
    assert!(said.contains("seen"), "{said}");
    assert_eq!(probe(&document)["requests"], 1, "{document}");
    for page in ["pipeline.html", "run.html", "runs.html"] {
        let text = space.read(page).replacen("</body>", PROBE, 1);
        space.write(page, text);
        let mut pages = Vec::new();
        for dark in [false, true] {
            let (said, document) = shown(&browser, &space, page, dark);
            assert_eq!(said, "", "{page}");
            let probe = probe(&document);
            assert_eq!(probe["requests"], 0, "{page}: {probe}");
            assert!(probe["rows"].as_u64() >= Some(2), "{page}: {probe}");
            assert!(
                probe["up"] == true && probe["down"] == true,
                "{page}: {probe}"
            );
            pages.push(probe["page"].clone());
        }
        assert_ne!(pages[0], pages[1], "{page}: light and dark");
    }
}
