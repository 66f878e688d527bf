use tch::Tensor;

/// What a forward pass keeps for the way back: the last thing kept is the first one needed.
#[derive(Debug)]
pub(crate) struct Tape {
    kept: Vec<Tensor>,
    recording: bool,
}

impl Tape {
    /// A tape for a pass that has a way back.
    pub(crate) fn recording() -> Self {
        Self {
            kept: Vec::new(),
            recording: true,
        }
    }

    /// A tape that keeps nothing.
    pub(crate) fn off() -> Self {
        Self {
            kept: Vec::new(),
            recording: false,
        }
    }

    /// Another tape, that records if this one does.
    pub(crate) fn alike(&self) -> Self {
        Self {
            kept: Vec::new(),
            recording: self.recording,
        }
    }

    pub(crate) fn is_recording(&self) -> bool {
        self.recording
    }

    /// Keeps `tensor` itself, not a copy: nothing may write to it afterwards.
    pub(crate) fn keep(&mut self, tensor: &Tensor) {
        if self.recording {
            self.kept.push(tensor.shallow_clone());
        }
    }

    /// What was kept last.
    pub(crate) fn take(&mut self) -> Tensor {
        self.kept
            .pop()
            .expect("a way back takes what the forward pass kept")
    }
}
