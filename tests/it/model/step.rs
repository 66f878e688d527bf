//! [`Step`]: everything that may happen to a project.

use crate::model::definition::PARAMS;
use crate::model::driver::Wish;
use proptest::prelude::*;
use proptest::sample::Index;

/// A stage to add. What it reads is picked among what there is when it is added.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of a stage")]
pub(super) struct Draft {
    pub(super) shell: bool,
    pub(super) salt: u8,
    pub(super) makes: u8,
    pub(super) deps: Vec<(u8, Index)>,
    pub(super) params: Vec<usize>,
    pub(super) env: bool,
    pub(super) wdir: bool,
    pub(super) items: Option<Vec<u8>>,
    pub(super) cache: bool,
    pub(super) persist: bool,
}

/// A change of a stage's declaration.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Salt(u8),
    Fails,
    Frozen,
    AlwaysChanged,
    Cache,
    Persist,
    Rename,
    Remove,
    /// To the other end of the file.
    Move,
    Items(u8),
    DropDep(Index),
    AddDep(u8, Index),
}

/// What a person or a script does to a source or an out.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// New bytes, as many as before; with the modification time of the old ones where asked for.
    Write(u8, bool),
    /// The same bytes, written again.
    Touch,
    Remove,
    Executable,
    /// A folder where a file was, or a file where a folder was.
    OtherKind,
    /// One more file in a folder.
    Stray(u8),
    /// A link to one of the files that are there for that.
    Link(u8),
}

/// What is wrong with a run.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    None,
    Interrupt(usize),
    Kill(usize),
    EditSource(usize, Index, u8),
}

/// Something that happens to a project.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Add(Draft),
    Change(Index, Change),
    Source(Index, Edit),
    Out(Index, Edit),
    Param(usize, u8),
    Level(u8),
    Comment,
    Variable(Option<u8>),
    Code,
    /// Stamps settle: what is looked at from now on may be remembered.
    Wait,
    Run {
        target: Option<Index>,
        wish: Wish,
        asks: bool,
        trouble: Trouble,
    },
    /// Two runs at once, the second one perhaps of one stage.
    Both(Option<Index>, bool),
    /// How files are shared with the cache from now on.
    Sharing(&'static str),
    Commit,
    Checkout(bool),
    Gc,
    /// Removes one file or folder of kaslite's state.
    LoseState(Index),
    /// Changes one byte of one file of it.
    DamageState(Index, Index),
    LoseLock,
    /// Remembers lock and definition, as a commit of git does.
    Save,
    /// The lock of an earlier moment, or the definition too.
    Restore(Index, bool),
}

pub(super) fn draft(all_shell: bool) -> impl Strategy<Value = Draft> {
    let dep = (0u8..10, any::<Index>());
    let few = |most: f64| proptest::bool::weighted(most);
    let makes = (proptest::bool::weighted(0.4), 0u8..3, 0u8..4);
    let reads = (
        proptest::collection::vec(dep, 0..4),
        proptest::sample::subsequence((0..PARAMS).collect::<Vec<_>>(), 0..2),
        few(0.3),
        few(0.15),
    );
    let items = proptest::option::weighted(0.2, proptest::sample::subsequence(vec![1, 2, 3], 1..3));
    let keeps = (few(0.8), few(0.15));
    (makes, reads, items, keeps).prop_map(move |(makes, reads, items, keeps)| Draft {
        shell: all_shell || makes.0,
        makes: makes.1,
        salt: makes.2,
        deps: reads.0,
        params: reads.1,
        env: reads.2,
        wdir: reads.3,
        items,
        cache: keeps.0,
        persist: keeps.1,
    })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (0u8..4).prop_map(Change::Salt),
        2 => Just(Change::Fails),
        2 => Just(Change::Frozen),
        1 => Just(Change::AlwaysChanged),
        1 => Just(Change::Cache),
        1 => Just(Change::Persist),
        2 => Just(Change::Rename),
        2 => Just(Change::Remove),
        1 => Just(Change::Move),
        2 => (0u8..8).prop_map(Change::Items),
        1 => any::<Index>().prop_map(Change::DropDep),
        2 => (0u8..10, any::<Index>()).prop_map(|(kind, pick)| Change::AddDep(kind, pick)),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        6 => (0u8..4, any::<bool>()).prop_map(|(value, back)| Edit::Write(value, back)),
        2 => Just(Edit::Touch),
        2 => Just(Edit::Remove),
        1 => Just(Edit::Executable),
        1 => Just(Edit::OtherKind),
        1 => (0u8..3).prop_map(Edit::Stray),
        1 => (0u8..2).prop_map(Edit::Link),
    ]
}

fn run() -> impl Strategy<Value = Step> {
    let trouble = prop_oneof![
        8 => Just(Trouble::None),
        1 => (0usize..20).prop_map(Trouble::Interrupt),
        1 => (0usize..20).prop_map(Trouble::Kill),
        1 => (0usize..15, any::<Index>(), 0u8..4)
            .prop_map(|(moment, source, value)| Trouble::EditSource(moment, source, value)),
    ];
    let flag = proptest::bool::weighted;
    let flags = (
        flag(0.5),
        flag(0.3),
        flag(0.1),
        flag(0.3),
        flag(0.1),
        any::<bool>(),
        any::<bool>(),
    );
    (
        proptest::option::weighted(0.25, any::<Index>()),
        flags,
        trouble,
    )
        .prop_map(
            |(target, (single, downstream, force, keep_going, again, many, asks), trouble)| {
                Step::Run {
                    wish: Wish {
                        targets: Vec::new(),
                        single: target.is_some() && single && !downstream,
                        downstream: target.is_some() && downstream,
                        force,
                        keep_going,
                        no_run_cache: again,
                        jobs: if many { 4 } else { 1 },
                    },
                    target,
                    asks,
                    trouble,
                }
            },
        )
}

pub(super) fn step(all_shell: bool) -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => draft(all_shell).prop_map(Step::Add),
        6 => (any::<Index>(), change()).prop_map(|(stage, change)| Step::Change(stage, change)),
        10 => (any::<Index>(), edit()).prop_map(|(source, edit)| Step::Source(source, edit)),
        6 => (any::<Index>(), edit()).prop_map(|(out, edit)| Step::Out(out, edit)),
        3 => (0..PARAMS, 0u8..3).prop_map(|(number, value)| Step::Param(number, value)),
        1 => (0u8..3).prop_map(Step::Level),
        1 => Just(Step::Comment),
        1 => proptest::option::of(0u8..3).prop_map(Step::Variable),
        1 => Just(Step::Code),
        3 => Just(Step::Wait),
        25 => run(),
        3 => (proptest::option::of(any::<Index>()), any::<bool>())
            .prop_map(|(target, many)| Step::Both(target, many)),
        2 => prop::sample::select(vec!["copy", "hardlink", "symlink", "[reflink, copy]"])
            .prop_map(Step::Sharing),
        2 => Just(Step::Commit),
        2 => any::<bool>().prop_map(Step::Checkout),
        1 => Just(Step::Gc),
        2 => any::<Index>().prop_map(Step::LoseState),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(file, byte)| Step::DamageState(file, byte)),
        1 => Just(Step::LoseLock),
        2 => Just(Step::Save),
        2 => (any::<Index>(), any::<bool>()).prop_map(|(saved, all)| Step::Restore(saved, all)),
    ]
}
