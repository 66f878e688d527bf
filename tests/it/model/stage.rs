//! [`Stage`]: a stage of the model, as the pipeline declares it.

use std::fmt::Write as _;

/// What kind of thing a stage makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Makes {
    File,
    /// A folder with the files `a` and `b`.
    Folder,
    /// A file, and another one beside it.
    TwoFiles,
}

/// A stage as the pipeline declares it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of a stage")]
pub(super) struct Stage {
    /// What its outs are named after; a later stage reads only outs of those before it.
    pub(super) id: usize,
    pub(super) name: String,
    /// A shell command, or the built-in stage of the tests.
    pub(super) shell: bool,
    /// A word of the command.
    pub(super) salt: u8,
    pub(super) makes: Makes,
    pub(super) deps: Vec<String>,
    /// Params that a command reads, by number.
    pub(super) params: Vec<usize>,
    /// Whether a command reads the variable.
    pub(super) env: bool,
    pub(super) wdir: bool,
    /// The items of a `foreach`.
    pub(super) items: Option<Vec<u8>>,
    pub(super) fails: bool,
    pub(super) cache: bool,
    pub(super) persist: bool,
    pub(super) frozen: bool,
    pub(super) always_changed: bool,
}

/// A stage as it runs: one of a `foreach`, or the stage itself.
#[derive(Clone, Debug)]
pub(super) struct Member<'a> {
    pub(super) stage: &'a Stage,
    pub(super) name: String,
    pub(super) item: Option<u8>,
}

impl Stage {
    pub(super) fn members(&self) -> Vec<Member<'_>> {
        let member = |item: Option<u8>| Member {
            stage: self,
            name: item.map_or(self.name.clone(), |item| format!("{}@i{item}", self.name)),
            item,
        };
        match &self.items {
            None => vec![member(None)],
            Some(items) => items.iter().map(|item| member(Some(*item))).collect(),
        }
    }

    /// Its outs, where `suffix` stands for the item.
    fn outs(&self, suffix: &str) -> Vec<String> {
        let base = format!("x{}/{}{suffix}", self.id / 3, self.id);
        match self.makes {
            Makes::File => vec![base],
            Makes::Folder => vec![format!("{base}.d")],
            Makes::TwoFiles => vec![format!("{base}.one"), format!("{base}.two")],
        }
    }

    /// The command, with `${item}` where it has items.
    fn command(&self, suffix: &str) -> String {
        let up = if self.wdir { "../" } else { "" };
        let outs = self.outs(suffix);
        let out = &outs[0];
        if self.fails {
            let make = match self.makes {
                Makes::Folder => format!("mkdir -p {up}{out}; echo half > {up}{out}/a"),
                Makes::File | Makes::TwoFiles => format!("echo half > {up}{out}"),
            };
            return format!("{make}; exit {}", 1 + self.salt);
        }
        let mut text = format!("( echo {} {out}", self.salt);
        for param in &self.params {
            let _ = write!(text, "; grep '^q{param}:' params.yaml");
        }
        if self.env {
            text.push_str("; echo \"$E\"");
        }
        if !self.deps.is_empty() {
            let deps: Vec<String> = self.deps.iter().map(|dep| format!("{up}{dep}")).collect();
            let deps = deps.join(" ");
            let _ = write!(
                text,
                "; find -L {deps} -type f | LC_ALL=C sort | xargs -r cksum"
            );
        }
        let salt = self.salt;
        match self.makes {
            Makes::File => format!("{text} ) > {up}{out}"),
            Makes::Folder => {
                format!("mkdir -p {up}{out}; {text} ) > {up}{out}/a; echo {salt} b > {up}{out}/b")
            }
            Makes::TwoFiles => {
                format!("{text} ) > {up}{out}; echo {salt} two > {up}{}", outs[1])
            }
        }
    }

    /// Its lines in the pipeline file.
    pub(super) fn text(&self) -> String {
        let (suffix, indent) = match &self.items {
            None => ("", "    "),
            Some(_) => ("-${item}", "      "),
        };
        let mut text = format!("  {}:\n", self.name);
        if let Some(items) = &self.items {
            let items: Vec<String> = items.iter().map(|item| format!("i{item}")).collect();
            let _ = writeln!(text, "    foreach: [{}]\n    do:", items.join(", "));
        }
        let mut line = |line: String| {
            let _ = writeln!(text, "{indent}{line}");
        };
        let up = if self.wdir { "../" } else { "" };
        let paths = |paths: &[String]| {
            let paths: Vec<String> = paths.iter().map(|path| format!("{up}{path}")).collect();
            paths.join(", ")
        };
        if self.shell {
            line(format!("cmd: {:?}", self.command(suffix)));
            let params: Vec<String> = self
                .params
                .iter()
                .map(|param| format!("q{param}"))
                .collect();
            line(format!("params: [{}]", params.join(", ")));
        } else {
            line(format!("uses: {}", self.uses()));
            line("params: [mix]".to_owned());
        }
        if self.wdir {
            line("wdir: w".to_owned());
        }
        if self.env {
            line("env: [E]".to_owned());
        }
        line(format!("deps: [{}]", paths(&self.deps)));
        let (cache, persist) = (self.cache, self.persist);
        line("outs:".to_owned());
        for out in self.outs(suffix) {
            line(format!(
                "  - {}: {{cache: {cache}, persist: {persist}}}",
                paths(&[out])
            ));
        }
        line(format!("frozen: {}", self.frozen));
        line(format!("always_changed: {}", self.always_changed));
        text
    }

    /// The built-in stage it is.
    pub(super) fn uses(&self) -> &'static str {
        match (self.fails, self.makes) {
            (true, _) => "fail",
            (false, Makes::Folder) => "mix_folder",
            (false, Makes::File | Makes::TwoFiles) => "mix",
        }
    }
}

impl Member<'_> {
    pub(super) fn outs(&self) -> Vec<String> {
        self.stage.outs(&self.suffix())
    }

    pub(super) fn command(&self) -> String {
        self.stage.command(&self.suffix())
    }

    fn suffix(&self) -> String {
        self.item
            .map_or_else(String::new, |item| format!("-i{item}"))
    }
}
