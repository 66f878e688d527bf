use std::fs;
use std::path::Path;

use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, TensorView};

use crate::error::ModelFileError;
use crate::model::header::{Header, KEY};
use crate::model::{Model, tensors};
use crate::optimiser::Parameters;

impl Model {
    /// Writes the model to `path` as a safetensors file: float32 tensors, and under the metadata
    /// key `kaslite_model` a JSON header with the architecture, the scaler, the seeds' states and
    /// the split's rng seed. The same model gives the same bytes.
    ///
    /// # Errors
    /// [`ModelFileError::Io`] when the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), ModelFileError> {
        let refused = |source| ModelFileError::Io {
            path: path.to_owned(),
            source,
        };
        fs::write(path, self.to_bytes(path)?).map_err(refused)
    }

    fn to_bytes(&self, path: &Path) -> Result<Vec<u8>, ModelFileError> {
        let format = |source| ModelFileError::Format {
            path: path.to_owned(),
            source,
        };
        let header =
            serde_json::to_string(&Header::of(self)).map_err(|error| ModelFileError::Header {
                path: path.to_owned(),
                reason: error.to_string(),
            })?;
        let stored = self.stored();
        let views: Vec<_> = stored
            .iter()
            .map(|tensor| Ok((tensor.name.as_str(), tensor.view()?)))
            .collect::<Result<_, _>>()
            .map_err(format)?;
        let metadata = std::iter::once((KEY.to_owned(), header)).collect();
        safetensors::serialize(views, Some(metadata)).map_err(format)
    }

    fn stored(&self) -> Vec<Stored> {
        let (network, architecture) = (self.network(), self.architecture());
        let names = architecture.host.names(&architecture);
        let mut stored = zip(names, network.host().parameters());
        for seed in network.seeds() {
            if let Some(child) = seed.child() {
                let (blueprint, operator) = (child.blueprint(), child.operator());
                let names = tensors::child_names(seed.id(), blueprint, operator);
                stored.extend(zip(names, child.parameters()));
            }
        }
        stored
    }
}

/// A tensor as the file holds it.
struct Stored {
    name: String,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Stored {
    fn view(&self) -> Result<TensorView<'_>, SafeTensorError> {
        TensorView::new(Dtype::F32, self.shape.clone(), &self.bytes)
    }
}

fn zip(names: Vec<String>, parameters: &Parameters) -> Vec<Stored> {
    let tensors = names.into_iter().zip(parameters.tensors());
    tensors
        .map(|(name, (shape, values))| Stored {
            name,
            shape,
            bytes: values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        })
        .collect()
}
