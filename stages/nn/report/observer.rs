use crate::report::Event;

/// Whoever wants to know what happens in a run.
///
/// It is called on the training thread; what takes long there makes the run take long.
pub trait Observer {
    /// Takes in one event. Events arrive in the order in which things happened.
    fn observe(&mut self, event: &Event);
}

/// Keeps every event.
impl Observer for Vec<Event> {
    fn observe(&mut self, event: &Event) {
        self.push(event.clone());
    }
}

/// Takes no notice.
impl Observer for () {
    fn observe(&mut self, _event: &Event) {}
}
