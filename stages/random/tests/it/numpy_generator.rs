//! `numpy.random.default_rng`.

#![expect(
    clippy::float_cmp,
    reason = "the numbers are the same or the generator is wrong"
)]

use kaslite_random::NumpyGenerator;

use crate::digest;

#[test]
fn random_and_uniform() {
    let mut generator = NumpyGenerator::new(42);
    for recorded in [
        0.773_956_048_555_963_3,
        0.438_878_439_752_052_3,
        0.858_597_919_911_382_5,
    ] {
        assert_eq!(generator.random(), recorded);
    }
    for recorded in [2.881_576_203_415_547_4, -1.340_758_564_786_453_3] {
        assert_eq!(generator.uniform(-2.0, 5.0), recorded);
    }
}

#[test]
fn seeds_of_zero_and_of_two_words() {
    for (seed, recorded) in [
        (0, 0.636_961_687_321_454_3),
        (1_099_511_627_779, 0.773_656_085_071_424_5),
    ] {
        assert_eq!(NumpyGenerator::new(seed).random(), recorded, "seed {seed}");
    }
}

#[test]
fn normal() {
    let mut generator = NumpyGenerator::new(42);
    for recorded in [0.304_717_079_754_431_35, -1.039_984_106_240_495_5] {
        assert_eq!(generator.standard_normal(), recorded);
    }
    let mut generator = NumpyGenerator::new(1);
    for recorded in [3.086_396_048_016_196_5, 3.205_404_535_875_289_6] {
        assert_eq!(generator.normal(3.0, 0.25), recorded);
    }
}

/// So many that every branch of the ziggurat is taken: the largest lies at 5.007, in the tail.
#[test]
fn three_hundred_thousand_normals() {
    let mut generator = NumpyGenerator::new(42);
    let bits = (0..300_000).map(|_| generator.standard_normal().to_bits());
    assert_eq!(digest(bits), 0xE942_50D0_A0F8_B06B);
}

#[test]
fn permutations_and_the_state_after() {
    let mut generator = NumpyGenerator::new(42);
    assert_eq!(generator.permutation(10), [5, 6, 0, 7, 3, 2, 4, 9, 1, 8]);
    assert_eq!(generator.random(), 0.761_139_701_990_353);

    let mut generator = NumpyGenerator::new(42);
    let order = generator.permutation(1001);
    assert_eq!(
        digest(order.into_iter().map(|position| position as u64)),
        0x08AC_F7B0_04A7_B39D
    );
    assert_eq!(generator.random(), 0.343_292_462_378_907_76);
}

#[test]
fn integers_of_every_width() {
    let mut generator = NumpyGenerator::new(42);
    let mut draw = |range: std::ops::Range<i64>, recorded: &[i64]| {
        for &value in recorded {
            assert_eq!(generator.integers(range.clone()), value, "{range:?}");
        }
    };
    draw(0..10, &[0, 7, 6, 4, 4, 8, 0, 6]);
    draw(
        -5..1 << 40,
        &[103_549_089_071, 1_072_708_119_942, 836_881_952_699],
    );
    draw(0..1 << 32, &[3_081_541_440, 3_376_120_483]);
    draw(7..8, &[7]);
    assert_eq!(generator.random(), 0.128_113_632_675_545_87);
}

#[test]
fn integers_that_are_often_rejected() {
    let mut generator = NumpyGenerator::new(3);
    for recorded in [
        275_895_278,
        578_019_063,
        762_820_035,
        584_216_872,
        2_581_085_717,
        1_875_275_178,
        126_913_354,
    ] {
        assert_eq!(generator.integers(0..3 << 30), recorded);
    }
    for recorded in [
        381_927_617_804_564_899,
        911_399_415_936_548_396,
        -2_770_021_720_350_934_604,
        3_857_411_928_097_845_246,
        -101_132_078_118_659_167,
        1_345_922_669_959_008_243,
    ] {
        assert_eq!(
            generator.integers(-(1 << 62)..i64::MAX - (1 << 61)),
            recorded
        );
    }
    assert_eq!(generator.random(), 0.430_628_020_414_177_8);
    assert_eq!(generator.integers(5..5), 5, "an empty range draws nothing");
}
