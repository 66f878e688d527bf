use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use tch::Cuda;
use thiserror::Error;

/// Where a network trains: `cpu`, `cuda` or `cuda:N`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Device {
    /// The processor, one thread of it.
    #[default]
    Cpu,
    /// A CUDA card, by its number.
    Cuda(usize),
}

/// Why a device cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeviceError {
    /// The text names none.
    #[error("`{0}` is no device, expected `cpu`, `cuda` or `cuda:N`")]
    Name(String),
    /// This libtorch was built, or runs, without CUDA.
    #[error(
        "`{0}` cannot be used: this libtorch has no CUDA, or finds no driver for it; \
         `KASLITE_TORCH=cuda cargo xtask setup` fetches one that has it"
    )]
    NoCuda(Device),
    /// There are fewer cards.
    #[error("`{device}` cannot be used: libtorch sees {count} CUDA devices, counted from 0")]
    NoSuchCard {
        /// What was asked for.
        device: Device,
        /// How many there are.
        count: usize,
    },
}

impl Device {
    /// The device for libtorch.
    ///
    /// # Errors
    /// [`DeviceError`] when it cannot be used here.
    pub(crate) fn open(self) -> Result<tch::Device, DeviceError> {
        let Self::Cuda(card) = self else {
            return Ok(tch::Device::Cpu);
        };
        if !Cuda::is_available() {
            return Err(DeviceError::NoCuda(self));
        }
        let count = usize::try_from(Cuda::device_count()).unwrap_or_default();
        if card >= count {
            let device = self;
            return Err(DeviceError::NoSuchCard { device, count });
        }
        Ok(tch::Device::Cuda(card))
    }
}

impl fmt::Display for Device {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => formatter.write_str("cpu"),
            Self::Cuda(0) => formatter.write_str("cuda"),
            Self::Cuda(card) => write!(formatter, "cuda:{card}"),
        }
    }
}

impl FromStr for Device {
    type Err = DeviceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let card = |text: &str| text.strip_prefix("cuda:")?.parse().ok();
        match text {
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            text => card(text)
                .map(Self::Cuda)
                .ok_or_else(|| DeviceError::Name(text.to_owned())),
        }
    }
}

impl From<Device> for String {
    fn from(device: Device) -> Self {
        device.to_string()
    }
}

impl TryFrom<String> for Device {
    type Error = DeviceError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_has_a_name() {
        let names = ["cpu", "cuda", "cuda:3"].map(str::parse);
        let devices = [Device::Cpu, Device::Cuda(0), Device::Cuda(3)];
        assert_eq!(names, devices.map(Ok));
        assert_eq!("cuda:0".parse(), Ok(Device::Cuda(0)));
        assert_eq!(Device::Cuda(3).to_string(), "cuda:3");
        for text in ["", "gpu", "cuda:", "cuda:-1", "cuda1", "CPU"] {
            assert_eq!(
                text.parse::<Device>(),
                Err(DeviceError::Name(text.to_owned()))
            );
        }
    }
}
