//! [`Flags`]: the flags of the Python original's script.

use clap::{Arg, ArgMatches, Command, FromArgMatches};
use kaslite_engine::params::Override;
use kaslite_engine::spec::{ParamKind, ParamSpec};

/// A flag of the script: its name, the param that it sets, and the script's default.
struct Flag {
    name: &'static str,
    /// The same with dashes, where it has any.
    dashed: Option<&'static str>,
    key: &'static str,
    default: &'static str,
}

/// Its flags, in its order.
#[rustfmt::skip]
const FLAGS: &[Flag] = &[
    Flag { name: "problem_type", dashed: Some("problem-type"), key: "data.problem_type", default: "spirals" },
    Flag { name: "n_samples", dashed: Some("n-samples"), key: "data.n_samples", default: "2000" },
    Flag { name: "input_dim", dashed: Some("input-dim"), key: "data.input_dim", default: "3" },
    Flag { name: "train_frac", dashed: Some("train-frac"), key: "train.train_frac", default: "0.8" },
    Flag { name: "batch_size", dashed: Some("batch-size"), key: "train.batch_size", default: "64" },
    Flag { name: "device", dashed: None, key: "train.device", default: "cpu" },
    Flag { name: "seed", dashed: None, key: "train.rng_seed", default: "42" },
    Flag { name: "noise", dashed: None, key: "data.noise", default: "0.25" },
    Flag { name: "rotations", dashed: None, key: "data.rotations", default: "4" },
    Flag { name: "moon_noise", dashed: Some("moon-noise"), key: "data.moon_noise", default: "0.1" },
    Flag { name: "moon_sep", dashed: Some("moon-sep"), key: "data.moon_sep", default: "0.5" },
    Flag { name: "cluster_count", dashed: Some("cluster-count"), key: "data.cluster_count", default: "2" },
    Flag { name: "cluster_size", dashed: Some("cluster-size"), key: "data.cluster_size", default: "500" },
    Flag { name: "cluster_std", dashed: Some("cluster-std"), key: "data.cluster_std", default: "0.5" },
    Flag { name: "cluster_sep", dashed: Some("cluster-sep"), key: "data.cluster_sep", default: "3.0" },
    Flag { name: "sphere_count", dashed: Some("sphere-count"), key: "data.sphere_count", default: "2" },
    Flag { name: "sphere_size", dashed: Some("sphere-size"), key: "data.sphere_size", default: "500" },
    Flag { name: "sphere_radii", dashed: Some("sphere-radii"), key: "data.sphere_radii", default: "1,2" },
    Flag { name: "sphere_noise", dashed: Some("sphere-noise"), key: "data.sphere_noise", default: "0.05" },
    Flag { name: "warm_up_epochs", dashed: Some("warm-up-epochs"), key: "train.warm_up_epochs", default: "50" },
    Flag { name: "adaptation_epochs", dashed: Some("adaptation-epochs"), key: "train.adaptation_epochs", default: "200" },
    Flag { name: "lr", dashed: None, key: "train.lr", default: "0.003" },
    Flag { name: "hidden_dim", dashed: Some("hidden-dim"), key: "train.hidden_dim", default: "128" },
    Flag { name: "num_layers", dashed: Some("num-layers"), key: "train.num_layers", default: "8" },
    Flag { name: "seeds_per_layer", dashed: Some("seeds-per-layer"), key: "seeds.seeds_per_layer", default: "1" },
    Flag { name: "blend_steps", dashed: Some("blend-steps"), key: "seeds.blend_steps", default: "30" },
    Flag { name: "shadow_lr", dashed: Some("shadow-lr"), key: "seeds.shadow_lr", default: "0.001" },
    Flag { name: "progress_thresh", dashed: Some("progress-thresh"), key: "seeds.progress_thresh", default: "0.6" },
    Flag { name: "drift_warn", dashed: Some("drift-warn"), key: "seeds.drift_warn", default: "0.12" },
    Flag { name: "acc_threshold", dashed: Some("acc-threshold"), key: "train.acc_threshold", default: "0.95" },
];

const HEADING: &str = "Flags of the Python original (`-` and `_` are the same)";

/// What was given by flags of the script.
#[derive(Clone, Debug, Default)]
pub(super) struct Flags(Vec<Override>);

impl Flags {
    /// The values that were given, as if by `--set`.
    pub(super) fn given(&self) -> &[Override] {
        &self.0
    }

    /// The script's defaults, as if by `--set`.
    pub(super) fn defaults() -> Vec<Override> {
        let defaults = FLAGS.iter().map(|flag| flag.set(flag.default));
        defaults.collect()
    }
}

impl Flag {
    fn set(&self, text: &str) -> Override {
        Override::of_flag(self.name, self.key, text)
    }

    fn spec(&self) -> Option<&'static ParamSpec> {
        let mut specs = kaslite_catalog::SPECS.iter();
        specs.find_map(|spec| spec.param(self.key))
    }

    fn argument(&self) -> Arg {
        let spec = self.spec();
        let doc = spec.map_or("", |spec| spec.doc);
        let value = spec.map_or("VALUE", |spec| match spec.kind {
            ParamKind::Int { .. } => "INT",
            ParamKind::Float { .. } => "FLOAT",
            ParamKind::Floats => "FLOATS",
            ParamKind::Choice(_) => "NAME",
            ParamKind::Bool | ParamKind::Text | ParamKind::Map => "VALUE",
        });
        Arg::new(self.name)
            .long(self.name)
            .aliases(self.dashed)
            .value_name(value)
            .help(format!("{doc} [default: {}]", self.default))
            .help_heading(HEADING)
            .allow_negative_numbers(true)
    }
}

impl clap::Args for Flags {
    fn augment_args(command: Command) -> Command {
        command.args(FLAGS.iter().map(Flag::argument))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = FLAGS.iter().filter_map(|flag| {
            let text = matches.get_one::<String>(flag.name)?;
            Some(flag.set(text))
        });
        Ok(Self(given.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_sets_a_param_that_takes_its_default() {
        for flag in FLAGS {
            let spec = flag.spec().expect(flag.name);
            let value = kaslite_engine::yaml::plain(flag.default);
            let text = kaslite_engine::value::Value::Text(flag.default.to_owned());
            let fits = spec.check(&value).or_else(|_| spec.check(&text));
            assert!(fits.is_ok(), "{}", flag.name);
            let dashed = flag.name.replace('_', "-");
            assert_eq!(flag.dashed.unwrap_or(flag.name), dashed);
        }
    }
}
