//! What must hold of every run.

use crate::model::driver::{End, Fate, State, Told, Wish};
use crate::model::oracle::{self, Outs};
use crate::model::stage::Member;
use crate::model::step::Trouble;
use crate::model::world::World;
use std::collections::{BTreeMap, BTreeSet};

impl World<'_> {
    /// Runs, and looks whether that was right.
    pub(super) fn run(&mut self, wish: &Wish, asks: bool, trouble: &Trouble) {
        let place = self.place();
        let fate = match trouble {
            Trouble::None => Fate::Undisturbed,
            Trouble::Interrupt(moment) => Fate::Interrupted(*moment),
            Trouble::Kill(moment) => Fate::Killed(*moment),
            Trouble::EditSource(moment, pick, value) => {
                let name = format!("src/{}", pick.index(3));
                Fate::Edited(*moment, name, format!("source {value}\n"))
            }
        };
        let can_ask = !wish.force
            && !wish.downstream
            && !wish.no_run_cache
            && matches!(fate, Fate::Undisturbed);
        let said = (asks && can_ask).then(|| self.driver.status(&place, wish));
        let before = self.outs();
        let Some(told) = self.driver.repro(&place, wish, &fate) else {
            self.memory.locked.clear();
            self.memory.torn = true;
            return;
        };
        let told = match told {
            Ok(told) => told,
            Err(problem) => {
                assert!(self.lacks(false), "repro: {problem}");
                // What is not there is told by status as a reason, not as an error.
                if let Some(Ok(said)) = said {
                    let all_fresh = said.iter().all(|(_, state)| *state == State::Fresh);
                    assert!(!all_fresh, "status said nothing of {problem}");
                }
                return;
            }
        };
        self.memory.torn = false;
        if let Some(said) = said {
            self.agrees(said, &told);
        }
        self.judge(wish, &fate, &before, &told);
        if asks && matches!(fate, Fate::Undisturbed) && !wish.single && !wish.downstream {
            self.again(wish, &told);
        }
    }

    /// What lies in the place of the outs, by stage.
    fn outs(&self) -> BTreeMap<String, Outs> {
        let members = self.definition.members().into_iter();
        members
            .map(|member| (member.name.clone(), oracle::made(&self.root, &member)))
            .collect()
    }

    /// Runs twice at once: as one after the other, and nothing runs in both.
    pub(super) fn run_both(&mut self, first: &Wish, second: &Wish) {
        let before = self.outs();
        let all = self.driver.both(&self.place(), [first, second]);
        // Each may have been the first.
        let locked = std::mem::take(&mut self.memory.locked);
        let (mut ran, mut after) = (BTreeSet::new(), locked.clone());
        for (told, wish) in all.into_iter().zip([first, second]) {
            let told = match told {
                Ok(told) => told,
                Err(problem) => {
                    assert!(self.lacks(false), "one of two: {problem}");
                    continue;
                }
            };
            self.memory.torn = false;
            self.memory.locked.clone_from(&locked);
            self.judge(wish, &Fate::Undisturbed, &before, &told);
            after.append(&mut self.memory.locked);
            for (stage, end) in told {
                let members = self.definition.members();
                let always =
                    |member: &Member<'_>| member.name == stage && member.stage.always_changed;
                let twice = end == End::Ran && !ran.insert(stage.clone());
                assert!(!twice || members.iter().any(always), "{stage} ran in both");
            }
        }
        let members = self.definition.members();
        after.retain(|stage, _| members.iter().any(|member| member.name == *stage));
        self.memory.locked = after;
    }

    /// What `status` had said is what was done.
    fn agrees(&self, said: Told<State>, told: &[(String, End)]) {
        let said = said.unwrap_or_else(|problem| panic!("only status said: {problem}"));
        assert_eq!(said.len(), told.len(), "{said:?} {told:?}");
        for ((stage, state), (other, end)) in said.iter().zip(told) {
            assert_eq!(stage, other);
            let fits = match (state, end) {
                (State::Unknown, _) | (_, End::Skipped) => true,
                (State::Fresh, end) => *end == End::Fresh,
                (State::Cached, end) => {
                    *end == End::Restored || (self.memory.damaged && *end == End::Ran)
                }
                (State::Stale, end) => matches!(end, End::Ran | End::Failed),
                (State::Frozen, end) => *end == End::Frozen,
            };
            assert!(fits, "{stage}: status said {state:?}, then it was {end:?}");
        }
    }

    fn judge(
        &mut self,
        wish: &Wish,
        fate: &Fate,
        before: &BTreeMap<String, Outs>,
        told: &[(String, End)],
    ) {
        let definition = self.definition.clone();
        let members = definition.members();
        let by_name: BTreeMap<&str, &Member<'_>> = members
            .iter()
            .map(|member| (member.name.as_str(), member))
            .collect();
        if wish.targets.is_empty() {
            let names: BTreeSet<&str> = told.iter().map(|(stage, _)| stage.as_str()).collect();
            assert!(names.iter().eq(by_name.keys()), "{names:?}");
            self.memory
                .locked
                .retain(|stage, _| by_name.contains_key(stage.as_str()));
        }
        let failed = told.iter().any(|(_, end)| *end == End::Failed);
        for (stage, end) in told {
            let member = by_name[stage.as_str()];
            match end {
                End::Fresh | End::Restored | End::Ran if matches!(fate, Fate::Edited(..)) => {
                    self.memory.locked.remove(stage);
                }
                End::Fresh | End::Restored | End::Ran => {
                    self.is_right(wish, member, end, &before[stage]);
                }
                End::Failed => {
                    let lacks = oracle::read(&self.root, member)
                        .values()
                        .any(Option::is_none);
                    assert!(
                        member.stage.fails || member.stage.persist || lacks,
                        "{stage} failed"
                    );
                }
                End::Skipped => assert!(failed, "{stage} was skipped though nothing failed"),
                End::Interrupted => assert!(
                    matches!(fate, Fate::Interrupted(_)),
                    "{stage} was interrupted"
                ),
                End::Frozen => assert!(member.stage.frozen && !wish.force, "{stage} is not frozen"),
            }
        }
    }

    /// The outs are what the oracle makes, and it was not made in vain.
    fn is_right(&mut self, wish: &Wish, member: &Member<'_>, end: &End, before: &Outs) {
        let (stage, name) = (member.stage, &member.name);
        let deps = oracle::read(&self.root, member);
        let made = oracle::made(&self.root, member);
        let wanted = oracle::wanted(&self.definition, member, &deps);
        let identity = oracle::identity(&self.definition, member, &deps);
        let Self { memory, .. } = self;
        let accepted = memory
            .accepted
            .get(&identity)
            .is_some_and(|all| all.contains(&made));
        let right = made == wanted || (stage.persist && holds(&made, &wanted)) || accepted;
        assert!(
            right,
            "{name} is {end:?}, but holds\n{}\nnot\n{}",
            shown(&made),
            shown(&wanted)
        );
        if !wish.force && !stage.always_changed {
            let last = memory.locked.get(name);
            let untouched = last.is_some_and(|(from, outs)| *from == identity && outs == before);
            assert!(
                *end == End::Fresh || !untouched,
                "{name} was fresh, and {end:?}"
            );
            let can_know = stage.cache && !wish.no_run_cache;
            let known = can_know && memory.known.contains(&identity);
            assert!(
                *end != End::Ran || !known,
                "{name} ran though the run cache had what it makes"
            );
        }
        if *end == End::Ran && stage.cache && !stage.always_changed {
            memory.known.insert(identity.clone());
        }
        memory.locked.insert(name.clone(), (identity, made));
    }

    /// Once more, and nothing is left to do.
    fn again(&mut self, wish: &Wish, told: &[(String, End)]) {
        if told.iter().any(|(_, end)| matches!(end, End::Failed)) {
            return;
        }
        let wish = Wish {
            force: false,
            ..wish.clone()
        };
        let again = self.driver.repro(&self.place(), &wish, &Fate::Undisturbed);
        let again = again
            .expect("not killed")
            .expect("it was possible a moment ago");
        let members = self.definition.members();
        for (stage, end) in again {
            let member = members
                .iter()
                .find(|member| member.name == stage)
                .expect("a stage");
            let fits = match end {
                End::Fresh => true,
                End::Ran => member.stage.always_changed,
                End::Frozen => member.stage.frozen,
                End::Restored | End::Failed | End::Skipped | End::Interrupted => false,
            };
            // What reads an out of a frozen stage that was made by force may be stale after it.
            assert!(fits, "{stage} is {end:?} right after a run");
        }
    }
}

/// Whether every file that is wanted is there.
fn holds(made: &Outs, wanted: &Outs) -> bool {
    wanted.iter().all(|(out, wanted)| {
        let made = made.get(out).and_then(Option::as_ref);
        let mut files = wanted.iter().flatten();
        files.all(|(path, (_, bytes))| {
            made.is_some_and(|made| made.get(path).is_some_and(|(_, found)| found == bytes))
        })
    })
}

fn shown(outs: &Outs) -> String {
    let file = |(path, (executable, bytes)): (&String, &(bool, Vec<u8>))| {
        let mode = if *executable { "*" } else { "" };
        format!("  {path}{mode}: {:?}\n", String::from_utf8_lossy(bytes))
    };
    let out = |(path, held): (&String, &Option<BTreeMap<_, _>>)| match held {
        None => format!("  {path}: nothing\n"),
        Some(files) => files.iter().map(file).collect(),
    };
    outs.iter().map(out).collect()
}
