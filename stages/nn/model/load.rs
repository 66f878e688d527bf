use std::fs;
use std::path::Path;

use safetensors::SafeTensors;
use safetensors::tensor::Dtype;
use tch::Device;

use crate::error::ModelFileError;
use crate::layer::Layout;
use crate::model::header::{FORMAT, Header, KEY, SeedHeader};
use crate::model::{Model, tensors};
use crate::network::{Network, Site};
use crate::seed::{Child, Seed};
use crate::threads::single_thread;

impl Model {
    /// Reads a model that [`Model::save`] wrote.
    ///
    /// # Errors
    /// [`ModelFileError`]: the file cannot be read, is no safetensors file, has no header of
    /// ours or one of another format, or its tensors are not what the header promises.
    pub fn load(path: &Path) -> Result<Self, ModelFileError> {
        let refused = |source| ModelFileError::Io {
            path: path.to_owned(),
            source,
        };
        single_thread();
        let bytes = fs::read(path).map_err(refused)?;
        let file = ModelFile::open(path, &bytes)?;
        let header = file.header(&bytes)?;
        let architecture = header.architecture;
        let kind = architecture.host;
        let (names, layout) = (kind.names(&architecture), kind.layout(&architecture));
        let values = file.values(&names, &layout)?;
        let host = kind.with_values(&architecture, &values, Device::Cpu);
        let seeds = header
            .seeds
            .iter()
            .map(|seed| file.seed(seed, architecture.hidden_dim));
        let mut seeds = seeds.collect::<Result<Vec<_>, _>>()?.into_iter();
        let sites = (0..architecture.num_layers)
            .map(|_| Site::new(seeds.by_ref().take(architecture.seeds_per_layer).collect()))
            .collect();
        let landing = header.landing;
        let network = Network::from_parts(architecture, host, sites, landing, Device::Cpu);
        Ok(Self::new(network, header.scaler, header.provenance))
    }
}

struct ModelFile<'bytes> {
    path: &'bytes Path,
    tensors: SafeTensors<'bytes>,
}

impl<'bytes> ModelFile<'bytes> {
    fn open(path: &'bytes Path, bytes: &'bytes [u8]) -> Result<Self, ModelFileError> {
        let format = |source| ModelFileError::Format {
            path: path.to_owned(),
            source,
        };
        Ok(Self {
            path,
            tensors: SafeTensors::deserialize(bytes).map_err(format)?,
        })
    }

    fn header(&self, bytes: &[u8]) -> Result<Header, ModelFileError> {
        let wrong = |reason: String| ModelFileError::Header {
            path: self.path.to_owned(),
            reason,
        };
        let format = |source| ModelFileError::Format {
            path: self.path.to_owned(),
            source,
        };
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(format)?;
        let text = metadata
            .metadata()
            .as_ref()
            .and_then(|metadata| metadata.get(KEY));
        let text = text.ok_or_else(|| wrong(format!("its metadata has no `{KEY}`")))?;
        let json: serde_json::Value =
            serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if json.get("format") != Some(&FORMAT.into()) {
            return Err(wrong(format!("it is not of format {FORMAT}")));
        }
        let header: Header =
            serde_json::from_value(json).map_err(|error| wrong(error.to_string()))?;
        header.check().map_err(wrong)?;
        Ok(header)
    }

    fn seed(&self, header: &SeedHeader, dim: usize) -> Result<Seed, ModelFileError> {
        let &SeedHeader {
            seed,
            state,
            alpha,
            progress,
            blueprint,
            operator,
        } = header;
        if !state.is_grown() {
            return Ok(Seed::dormant(seed));
        }
        let (blueprint, operator) = (blueprint.unwrap_or_default(), operator.unwrap_or_default());
        let names = tensors::child_names(seed, blueprint, operator);
        let values = self.values(&names, &Child::layout(blueprint, operator, dim))?;
        let child = Child::with_values(blueprint, operator, dim, &values, Device::Cpu);
        Ok(Seed::grown(
            seed,
            state,
            alpha.unwrap_or(0.0),
            progress.unwrap_or(0.0),
            child,
        ))
    }

    /// The tensors of these names one after the other, each checked against its shape.
    fn values(&self, names: &[String], layout: &Layout) -> Result<Vec<f32>, ModelFileError> {
        let mut values = Vec::new();
        for (name, shape) in names.iter().zip(layout.shapes()) {
            let wrong = |found: String| ModelFileError::Tensor {
                path: self.path.to_owned(),
                name: name.clone(),
                found,
                expected: format!("F32 {shape:?}"),
            };
            let view = self
                .tensors
                .tensor(name)
                .map_err(|_| wrong("missing".to_owned()))?;
            if view.dtype() != Dtype::F32 || view.shape() != shape {
                return Err(wrong(format!("{:?} {:?}", view.dtype(), view.shape())));
            }
            let (floats, _) = view.data().as_chunks();
            values.extend(floats.iter().map(|&bytes| f32::from_le_bytes(bytes)));
        }
        Ok(values)
    }
}
