//! The table the build script wrote.

use kaslite_engine::spec::{
    CodeSpec, ParamKind, ParamSpec, Program, SlotKind, SlotSpec, StageSpec,
};

include!(concat!(env!("OUT_DIR"), "/table.rs"));
