use crate::layer::Tape;
use crate::network::Site;

/// What one forward pass through a network keeps for the way back.
pub(crate) struct Record {
    /// One a segment of the host.
    pub(super) segments: Vec<Tape>,
    /// One a seed, slot by slot.
    pub(super) sites: Vec<Vec<Tape>>,
}

impl Record {
    /// Tapes like `tape` for a host with these sites.
    pub(super) fn new(sites: &[Site], tape: &Tape) -> Self {
        let tapes = |count: usize| (0..count).map(|_| tape.alike()).collect::<Vec<_>>();
        Self {
            segments: tapes(sites.len() + 1),
            sites: sites.iter().map(|site| tapes(site.seeds().len())).collect(),
        }
    }
}
