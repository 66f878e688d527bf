use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tch::{Device, Kind, Tensor};

/// The values of a float32 tensor of rows, bit for bit: stored as bytes, as a number each would take
/// more room and time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Floats {
    /// Length of a row; 0 where the tensor has no rows.
    width: i64,
    values: Bytes,
}

impl Floats {
    /// Of a tensor of one dimension or two.
    pub(crate) fn of(tensor: &Tensor) -> Self {
        let width = match tensor.size().as_slice() {
            [_, width] => *width,
            _ => 0,
        };
        let mut values = vec![0.0_f32; tensor.numel()];
        let in_memory = tensor.to_device(Device::Cpu).contiguous();
        in_memory.copy_data(&mut values, tensor.numel());
        let values = Bytes(
            values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect(),
        );
        Self { width, values }
    }

    pub(crate) fn values(&self) -> Vec<f32> {
        let (floats, _) = self.values.0.as_chunks();
        floats
            .iter()
            .map(|&bytes| f32::from_le_bytes(bytes))
            .collect()
    }

    /// Number of values.
    pub(crate) fn len(&self) -> usize {
        self.values.0.len() / size_of::<f32>()
    }

    /// The tensor that it was made of.
    pub(crate) fn tensor(&self, device: Device) -> Tensor {
        let flat = Tensor::from_slice(&self.values());
        let tensor = if self.width > 0 {
            flat.view([-1, self.width])
        } else {
            flat
        };
        tensor.to_kind(Kind::Float).to_device(device)
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(BytesVisitor)
    }
}

struct BytesVisitor;

impl Visitor<'_> for BytesVisitor {
    type Value = Bytes;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
        Ok(Bytes(bytes.to_owned()))
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
        Ok(Bytes(bytes))
    }
}
