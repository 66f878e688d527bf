//! Which members of which wheels make a libtorch.
//!
//! tch links libtorch itself, so Python is not needed at run time; the torch wheel is simply
//! the place where libtorch is published for every platform. Of the CPU recipes the one for Linux
//! on x86-64 was built and run. The list for Linux on arm64 and the one for macOS were read out of
//! the wheels (what `libtorch_cpu` and the libraries that it needs name as needed); neither was run.

/// Rules for the wheels whose file name starts with `wheel`; see `unpack.py` for what a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) wheel: &'static str,
    pub(crate) rules: &'static [&'static str],
}

pub(crate) const TORCH: &[&str] = &["torch==2.13.0"];

/// `libtorch_cpu.so` is linked to two small libraries of CUDA, also where no GPU is used.
pub(crate) const TORCH_AND_CUPTI: &[&str] = &[
    "torch==2.13.0",
    "nvidia-cuda-cupti==13.0.*",
    "nvidia-cuda-runtime==13.0.*",
];

const CUPTI: Source = Source {
    wheel: "nvidia_cuda_cupti-",
    rules: &["nvidia/cu13/lib/libcupti.so.13=lib/"],
};
const CUDART: Source = Source {
    wheel: "nvidia_cuda_runtime-",
    rules: &["nvidia/cu13/lib/libcudart.so.13=lib/"],
};

pub(crate) const LINUX_X86: &[Source] = &[
    Source {
        wheel: "torch-",
        rules: &[
            "torch/include/=include/",
            "torch/lib/libtorch_cpu.so=lib/",
            "torch/lib/libc10.so=lib/",
            "torch/lib/libgomp.so.1=lib/",
        ],
    },
    CUPTI,
    CUDART,
];

pub(crate) const LINUX_ARM: &[Source] = &[
    Source {
        wheel: "torch-",
        rules: &[
            "torch/include/=include/",
            "torch/lib/libtorch_cpu.so=lib/",
            "torch/lib/libc10.so=lib/",
            "torch/lib/libgomp.so.1=lib/",
            "torch/lib/libarm_compute*.so=lib/",
            "torch/lib/libnvpl_*.so.0=lib/",
        ],
    },
    CUPTI,
    CUDART,
];

pub(crate) const MAC: &[Source] = &[Source {
    wheel: "torch-",
    rules: &[
        "torch/include/=include/",
        "torch/lib/libtorch.dylib=lib/",
        "torch/lib/libtorch_cpu.dylib=lib/",
        "torch/lib/libc10.dylib=lib/",
        "torch/lib/libomp.dylib=lib/",
    ],
}];

/// The libraries of torch are linked with `$ORIGIN` in their run path, so one folder for all of
/// them will do.
pub(crate) const CUDA: &[Source] = &[
    Source {
        wheel: "torch-",
        rules: &[
            "torch/include/=include/",
            "torch/lib/libtorch_python.so=",
            "torch/lib/libtorch_cuda.so=lib/",
            "torch/lib/*.so*=lib/",
        ],
    },
    Source {
        wheel: "nvidia_",
        rules: &["?nvidia/*/lib/*.so*=lib/"],
    },
];
