//! Columns of files as pictures.

use crate::support::{Space, has_git};
use serde_json::json;

const PIPELINE: &str = "\
stages:
  train:
    cmd: cp -r in out
    deps: [in]
    outs: [out]
  eval:
    cmd: 'cp in/roc.json roc.json && mkdir pics && cp in/roc.svg pics/a.svg && cp in/loss.csv pics/l.csv'
    deps: [in]
    plots:
      - roc.json: {x: rate, y: hits, title: 'ROC <of> it', x_label: false positives}
      - pics
plots:
  - out/loss.csv: {x: epoch, y: [train, val]}
  - both:
      y: {out/loss.csv: train, out/other.tsv: val}
      x: epoch
      y_label: loss
";

fn drawn() -> Space {
    let space = Space::new(PIPELINE);
    for (name, text) in [
        (
            "in/loss.csv",
            "epoch,train,val\n1,0.9,0.95\n2,0.5,nan\n3,0.25,0.5\n",
        ),
        ("in/other.tsv", "epoch\tval\n1\t7\n3\t6\n"),
        (
            "in/roc.json",
            "{\"roc\": [{\"rate\": 0, \"hits\": 0}, {\"rate\": 0.5, \"hits\": 0.75}]}",
        ),
        ("in/roc.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ] {
        space.write(name, text);
    }
    space.kaslite("repro").ok();
    space
}

fn page(space: &Space) -> String {
    space.read("results/plots.html")
}

#[test]
fn b159_plots_are_drawn_on_one_page_that_needs_nothing_else() {
    let space = drawn();
    space
        .kaslite("plots show")
        .ok()
        .says("4 plots in ")
        .says("results/plots.html");
    let page = page(&space);
    assert_eq!(page.matches("<svg ").count(), 4, "{page}");
    for part in [
        "<title>ROC &lt;of> it</title>",
        "false positives",
        "src=\"data:image/svg+xml;base64,PHN2ZyB4bWxucz0",
        "a.svg (workspace)",
    ] {
        assert!(page.contains(part), "no `{part}` in {page}");
    }
    for outside in ["http:", "https:", "<script", "<link"] {
        let inside = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!inside.contains(outside), "{outside}");
    }
    // Drawing is no work of the pipeline.
    space.kaslite("status --check").ok();
}

#[test]
fn b159_the_data_of_plots_as_json() {
    let space = drawn();
    let plots = space.kaslite("plots show --json").ok().json();
    let plot = |name: &str| {
        let mut all = plots.as_array().expect("plots").iter();
        all.find(|plot| plot["name"] == name).expect(name).clone()
    };
    let loss = plot("out/loss.csv");
    assert_eq!(
        loss["lines"][0]["points"],
        json!([[1, 0.9], [2, 0.5], [3, 0.25]])
    );
    assert_eq!(loss["lines"][1]["column"], "val");
    assert_eq!(
        loss["lines"][1]["points"],
        json!([[1, 0.95], [2, null], [3, 0.5]])
    );
    assert_eq!(
        plot("roc.json")["lines"][0]["points"],
        json!([[0, 0], [0.5, 0.75]])
    );
    let both = plot("both");
    assert_eq!(both["y_label"], "loss");
    assert_eq!(both["lines"][1]["file"], "out/other.tsv");
    assert_eq!(both["lines"][1]["points"], json!([[1, 7], [3, 6]]));
    // Of a folder, every file; the last column, by the number of the record.
    let pics = plot("pics");
    assert_eq!(pics["lines"][0]["file"], "pics/l.csv");
    assert_eq!(pics["lines"][0]["points"][0], json!([0, 0.95]));
}

#[test]
fn b159_plots_of_runs_and_revisions_are_drawn_over_one_another() {
    let space = drawn();
    space.edit("in/loss.csv", "0.25", "0.125");
    space.kaslite("repro").ok();
    let line = "plots diff latest~1 latest --targets out/loss.csv";
    let plots = space.kaslite(&format!("{line} --json")).ok().json();
    let last = |index: usize| plots[0]["lines"][index]["points"][2][1].clone();
    assert_eq!((last(0), last(2)), (json!(0.25), json!(0.125)));
    space.kaslite(line).ok().says("1 plot in");
    let text = page(&space);
    let first = &space.records()[0];
    assert!(text.contains(&format!("{first} · train")), "{text}");
    if !has_git() {
        return;
    }
    space.write(".gitignore", ".kaslite/\nresults/\nout/\npics/\nroc.json\n");
    space.git("init -q -b main");
    space.git("add .");
    space.git("commit -q -m one");
    space.edit("in/loss.csv", "0.125", "0.0625");
    space.kaslite("repro").ok();
    let plots = space
        .kaslite("plots diff --targets both --json")
        .ok()
        .json();
    assert_eq!(plots[0]["lines"][0]["side"], "HEAD");
    assert_eq!(plots[0]["lines"][0]["points"][2], json!([3, 0.125]));
    assert_eq!(plots[0]["lines"][2]["side"], "workspace");
    assert_eq!(plots[0]["lines"][2]["points"][2], json!([3, 0.0625]));
}

#[test]
fn b159_any_file_is_drawn_by_columns_that_are_typed() {
    let space = drawn();
    space.write("free.yaml", "- {name: b, n: 2}\n- {name: a, n: 3}\n");
    let line =
        "plots show free.yaml -x name -y n -t bar_horizontal_sorted --title Free -o free.html";
    space.kaslite(line).ok().says("1 plot in ");
    let text = space.read("free.html");
    assert!(text.contains("<title>Free</title>"), "{text}");
    let place = |name: &str| text.find(&format!(">\n{name}\n<")).expect(name);
    assert!(place("a") < place("b"), "the longest bar first");
    space
        .kaslite("plots show free.yaml -x nam")
        .exits(2)
        .says("no column `nam`; there are name, n");
    space
        .kaslite("plots show free.yaml -t bars")
        .exits(2)
        .says("no template `bars`");
    space
        .kaslite("plots show none.yaml")
        .exits(2)
        .says("no plot and no file `none.yaml`");
    space
        .kaslite("plots show roc.jso")
        .exits(2)
        .says("did you mean `roc.json`?");
}

#[test]
fn b159_what_cannot_be_drawn_is_said_and_the_rest_is_drawn() {
    let space = drawn();
    space.write("roc.json", "{");
    space.remove("out/other.tsv");
    space
        .kaslite("plots show")
        .ok()
        .says("3 plots in ")
        .says("`roc.json` (workspace): not JSON")
        .says("`out/other.tsv` is not there (workspace)");
    assert!(page(&space).contains("<li>`roc.json` (workspace): not JSON"));
    space.write(".dvc/plots/mine.json", "{}");
    let plots = "  - one: {y: {in/loss.csv: train}, template: mine}
  - two: {y: {in/loss.csv: train}, template: none}
";
    let pipeline = space.read("pipeline.yaml");
    space.write("pipeline.yaml", format!("{pipeline}{plots}"));
    space
        .kaslite("plots show one two")
        .ok()
        .says(
            "`.dvc/plots/mine.json` is a Vega-Lite template, which kaslite does not draw: drawn as",
        )
        .says("no template `none`: drawn as lines");
    let space = Space::new("stages:\n  a: {cmd: 'true'}\n");
    space
        .kaslite("plots show")
        .ok()
        .says("the pipeline has no plots");
    space
        .kaslite("plots diff")
        .ok()
        .says("nothing to compare with yet");
}
