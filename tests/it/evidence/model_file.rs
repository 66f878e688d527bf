//! Model files changed by hand.

use crate::support::Space;
use serde_json::Value;
use std::ops::Range;

/// A safetensors file: the length of a JSON header, the header, the tensors' bytes.
pub(super) struct ModelFile {
    header: Value,
    tensors: Vec<u8>,
}

/// The key of the metadata that holds the network without its weights.
const NETWORK: &str = "kaslite_model";

impl ModelFile {
    pub(super) fn read(space: &Space, path: &str) -> Self {
        let bytes = std::fs::read(space.path(path)).expect("a model file");
        let (length, rest) = bytes.split_first_chunk::<8>().expect("a length");
        let length = usize::try_from(u64::from_le_bytes(*length)).expect("a short header");
        Self {
            header: serde_json::from_slice(&rest[..length]).expect("JSON"),
            tensors: rest[length..].to_vec(),
        }
    }

    pub(super) fn write(&self, space: &Space, path: &str) {
        let header = serde_json::to_vec(&self.header).expect("JSON");
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header);
        bytes.extend(&self.tensors);
        space.write(path, bytes);
    }

    /// The names of a seed's tensors.
    pub(super) fn tensors_of(&self, seed: &str) -> Vec<String> {
        let tensors = self.header.as_object().expect("a map").keys();
        let own = tensors.filter(|name| name.contains(seed));
        let names: Vec<String> = own.cloned().collect();
        assert!(!names.is_empty(), "no tensor of {seed} in {}", self.header);
        names
    }

    /// Sets every weight of a tensor.
    pub(super) fn fill(&mut self, name: &str, value: f32) {
        let place = self.place(name);
        for weight in self.tensors[place].chunks_exact_mut(4) {
            weight.copy_from_slice(&value.to_le_bytes());
        }
    }

    /// Says of a tensor that its rows are columns.
    pub(super) fn transpose(&mut self, name: &str) {
        let shape = &mut self.header[name]["shape"];
        shape.as_array_mut().expect("a shape").reverse();
    }

    /// Changes what the file says of one seed.
    pub(super) fn edit_seed(&mut self, seed: &str, changes: &[(&str, Value)]) {
        let text = self.header["__metadata__"][NETWORK].as_str();
        let mut network: Value = serde_json::from_str(text.expect("a text")).expect("JSON");
        let seeds = network["seeds"].as_array_mut().expect("seeds");
        let own = seeds.iter_mut().find(|one| one["seed"] == seed);
        let own = own.expect("the seed");
        for (key, value) in changes {
            own[*key] = value.clone();
        }
        self.header["__metadata__"][NETWORK] = network.to_string().into();
    }

    fn place(&self, name: &str) -> Range<usize> {
        let ends = &self.header[name]["data_offsets"];
        let end = |index: usize| {
            let end = ends[index].as_u64().expect("an offset");
            usize::try_from(end).expect("a short file")
        };
        end(0)..end(1)
    }
}
