//! [`Monitor`]: the trainings that run, and the box on the terminal.

use crate::ui::Terminal;
use crate::ui::monitor::course::Course;
use crate::ui::monitor::picture::picture;
use indexmap::IndexMap;
use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};
use kaslite_engine::event::Event;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Tells the name of the run under way, once it has one.
pub(crate) type Named<'a> = Box<dyn Fn() -> Option<String> + Sync + 'a>;

/// Lines of the terminal that are not for the box.
const REST: usize = 4;

/// The trainings that run, and a box for the one that began first; when that ends, for the next. Trials
/// tell nothing of how they go, so that none has one.
pub(crate) struct Monitor<'a> {
    named: Named<'a>,
    colours: bool,
    /// By the stage, in the order in which they began.
    courses: Arc<Mutex<Courses>>,
    shown: Mutex<Option<ProgressBar>>,
}

type Courses = IndexMap<String, Course>;

impl<'a> Monitor<'a> {
    pub(crate) fn new(named: Named<'a>, colours: bool) -> Self {
        Self {
            named,
            colours,
            courses: Arc::default(),
            shown: Mutex::default(),
        }
    }

    /// Takes in an event; the box stands above all that `bars` show.
    pub(crate) fn take(&self, event: &Event, bars: &MultiProgress) {
        match event {
            // Nothing but a training has phases.
            Event::State { stage, name, .. } if name == "phase" => {
                self.begin(stage, bars);
                self.tell(stage, event);
            }
            Event::State { stage, .. }
            | Event::Metric { stage, .. }
            | Event::Progress { stage, .. }
            | Event::Warning {
                stage: Some(stage), ..
            } => self.tell(stage, event),
            Event::AttemptFailed { stage, .. } | Event::StageFinished { stage, .. } => {
                self.end(stage);
            }
            Event::Warning { stage: None, .. }
            | Event::RunStarted { .. }
            | Event::StageDecided { .. }
            | Event::Estimate(_)
            | Event::StageWaits { .. }
            | Event::StageStarted { .. }
            | Event::Log { .. }
            | Event::StageTraced { .. }
            | Event::RunFinished(_) => {}
        }
    }

    /// Whether the box is there, and about this stage.
    pub(crate) fn shows(&self, stage: &str) -> bool {
        let is_first = |courses: &mut Courses| courses.first().is_some_and(|one| one.0 == stage);
        self.with(is_first) && !drawn(&self.courses).is_empty()
    }

    fn with<T>(&self, act: impl FnOnce(&mut Courses) -> T) -> T {
        act(&mut self.courses.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn tell(&self, stage: &str, event: &Event) {
        self.with(|courses| {
            if let Some(course) = courses.get_mut(stage) {
                course.take(event);
            }
        });
    }

    fn begin(&self, stage: &str, bars: &MultiProgress) {
        let named = (self.named)();
        self.with(|courses| {
            let new = || Course::new(stage, named);
            courses.entry(stage.to_owned()).or_insert_with(new);
        });
        // Drawing takes the courses: nothing that draws may be called while they are held.
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.is_none() {
            *shown = Some(self.bar(bars));
        }
    }

    fn end(&self, stage: &str) {
        let is_last =
            self.with(|courses| courses.shift_remove(stage).is_some() && courses.is_empty());
        if is_last {
            let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(bar) = shown.take() {
                bar.finish_and_clear();
            }
        }
    }

    /// A bar whose text is the box, made anew each time that it is drawn.
    fn bar(&self, bars: &MultiProgress) -> ProgressBar {
        let (courses, colours) = (Arc::clone(&self.courses), self.colours);
        let draw = move |_: &ProgressState, text: &mut dyn Write| {
            let lines = drawn(&courses).join("\n");
            // What cannot be shown is not missed.
            let _ = if colours {
                text.write_str(&lines)
            } else {
                write!(text, "{}", anstream::adapter::strip_str(&lines))
            };
        };
        let bar = bars.insert(0, ProgressBar::new_spinner());
        let style = ProgressStyle::with_template("{monitor}");
        // The template is a constant.
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.with_key("monitor", draw));
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }
}

/// The lines of the box, as the terminal is wide now; none where it has no room for them.
fn drawn(courses: &Mutex<Courses>) -> Vec<String> {
    let Some((columns, rows)) = Terminal::size() else {
        return Vec::new();
    };
    let courses = courses.lock().unwrap_or_else(PoisonError::into_inner);
    let lines = courses.first().map(|(_, course)| picture(course, columns));
    let has_room = |lines: &Vec<String>| lines.len() + REST <= rows;
    lines.filter(has_room).unwrap_or_default()
}
