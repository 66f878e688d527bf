use super::*;

fn filtered(expression: &str) -> String {
    render(&format!("{{{{ {expression} }}}}"), NAME, &empty()).unwrap()
}

#[test]
fn filters_show_numbers_and_text() {
    let cases = [
        ("none|num(4)", "—"),
        ("0.12345|num(4)", "0.1235"),
        ("-0.00001|num(2)", "0.00"),
        ("3|num(1)", "3.0"),
        ("0.98765|percent(1)", "98.8 %"),
        ("0.0125|points(2)", "+1.25"),
        ("0|points(2)", "0.00"),
        ("none|points(2)", "—"),
        ("1023|bytes", "1023 B"),
        ("1536|bytes", "1.5 KiB"),
        ("5000000000|bytes", "4.7 GiB"),
        ("none|digest", "—"),
        ("'0123456789abcdef'|digest", "`0123456789ab`"),
        ("'a_b*c<d>'|text", "a\\_b\\*c\\<d\\>"),
        ("'at `a_b`: c_d'|message", "at `a_b`: c\\_d"),
        ("'one ` alone'|message", "one \\` alone"),
        ("'a`b'|code", "`` a`b ``"),
        ("''|code", "—"),
    ];
    for (expression, expected) in cases {
        assert_eq!(filtered(expression), expected, "{expression}");
    }
}
