//! `numpy.random.RandomState`.

#![expect(
    clippy::float_cmp,
    reason = "the numbers are the same or the generator is wrong"
)]

use kaslite_random::RandomState;

use crate::digest;

#[test]
fn a_mix_of_draws() {
    let mut generator = RandomState::new(42);
    for recorded in [
        0.374_540_118_847_362_5,
        0.950_714_306_409_916_2,
        0.731_993_941_811_405_1,
    ] {
        assert_eq!(generator.random_sample(), recorded);
    }
    for recorded in [
        -1.223_760_236_093_840_9,
        1.637_804_369_378_766_7,
        1.558_082_584_400_275_5,
    ] {
        assert_eq!(generator.normal(1.0, 2.0), recorded);
    }
    for recorded in [1.832_290_311_184_182, -0.917_662_022_816_790_2] {
        assert_eq!(generator.uniform(-1.0, 3.0), recorded);
    }
    // The first one is the spare of the pair that the uniform draws came after.
    for recorded in [1.010_515_284_806_526_4, -0.580_878_134_023_515] {
        assert_eq!(generator.standard_normal(), recorded);
    }
    let mut values: Vec<u8> = (0..10).collect();
    generator.shuffle(&mut values);
    assert_eq!(values, [6, 2, 8, 7, 9, 5, 1, 3, 0, 4]);
    assert_eq!(generator.permutation(6), [0, 3, 1, 4, 5, 2]);
    assert_eq!(generator.random_sample(), 0.292_144_648_535_218_15);
}

#[test]
fn a_hundred_thousand_normals() {
    let mut generator = RandomState::new(42);
    let bits = (0..100_001).map(|_| generator.standard_normal().to_bits());
    assert_eq!(digest(bits), 0x20A5_5DD8_0A83_7320);
    assert_eq!(generator.random_sample(), 0.193_651_177_775_534_87);
}

#[test]
fn a_long_shuffle() {
    let mut generator = RandomState::new(7);
    let mut values: Vec<u64> = (0..2000).collect();
    generator.shuffle(&mut values);
    assert_eq!(digest(values), 0x170F_FD14_3670_90DF);
    assert_eq!(generator.random_sample(), 0.712_296_287_671_616_6);
}
