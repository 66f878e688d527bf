use super::super::{ChartError, SizeCurve, SizePoint};
use super::{check, texts};

fn point(parameters: f64, accuracy: f64, reach: Option<f64>) -> SizePoint {
    SizePoint {
        parameters,
        accuracy,
        interval: reach.map(|reach| (accuracy - reach, accuracy + reach)),
    }
}

fn curve(reach: Option<f64>) -> SizeCurve {
    let hosts = [(690.0, 0.6), (49_922.0, 0.8), (1_200_000.0, 0.85)];
    SizeCurve {
        hosts: hosts
            .map(|(size, accuracy)| (point(size, accuracy, reach), Some(accuracy)))
            .to_vec(),
        grown: Some(point(181_112.0, 0.82, reach)),
        equivalent: Some(121_500.0),
    }
}

#[test]
fn sizes_are_labelled_shortly_and_the_equivalent_is_named() {
    let svg = curve(Some(0.02)).svg();
    let texts = texts(check(&svg));
    for text in ["690", "49.9 k", "1.20 M", "as accurate: 122 k"] {
        assert!(texts.contains(&text), "{text}: {texts:?}");
    }
}

#[test]
fn the_band_is_drawn_where_every_size_has_an_interval() {
    let polygons = |curve: &SizeCurve| check(&curve.svg()).matches("<polygon").count();
    let whole = curve(Some(0.02));
    let mut one_less = whole.clone();
    one_less.hosts[1].0.interval = None;
    assert_eq!(polygons(&whole), polygons(&one_less) + 1);
}

#[test]
fn what_is_not_known_is_not_drawn() {
    let mut alone = curve(None);
    alone.grown = None;
    alone.equivalent = None;
    let svg = alone.svg();
    assert!(
        !texts(check(&svg))
            .iter()
            .any(|text| text.starts_with("as accurate"))
    );
    assert!(matches!(
        SizeCurve::default().svg(),
        Err(ChartError::NoData("sizes"))
    ));
}
