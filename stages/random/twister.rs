use rand_mt::Mt;

/// MT19937 that counts what it has drawn, so that another one can be brought to the same place.
#[derive(Clone, Debug)]
pub(crate) struct Twister {
    twister: Mt,
    drawn: u64,
}

impl Twister {
    pub(crate) fn new(twister: Mt) -> Self {
        let drawn = 0;
        Self { twister, drawn }
    }

    /// 32-bit numbers that were drawn.
    pub(crate) fn drawn(&self) -> u64 {
        self.drawn
    }

    /// Draws as many as it takes to have drawn so many.
    pub(crate) fn go_to(&mut self, drawn: u64) {
        while self.drawn < drawn {
            self.next_u32();
        }
    }

    pub(crate) fn next_u32(&mut self) -> u32 {
        self.drawn += 1;
        self.twister.next_u32()
    }

    /// Two draws, the first one is the high half.
    pub(crate) fn next_u64(&mut self) -> u64 {
        self.drawn += 2;
        self.twister.next_u64()
    }
}
