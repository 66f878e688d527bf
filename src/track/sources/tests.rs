use super::secrets::masked;

#[test]
fn what_looks_like_a_secret_is_masked_and_code_is_not() {
    for (text, wanted) in [
        ("password: hunter2hunter2", "password: ********"),
        ("API_KEY = 'abcdef123456'", "API_KEY = '********'"),
        ("\"token\": \"s3cr3t-value\",", "\"token\": \"********\","),
        ("+aws = AKIAIOSFODNN7EXAMPLE", "+aws = ********"),
        (
            "url: postgres://me:pa55word@host/db",
            "url: postgres://me:********@host/db",
        ),
        ("ghp_0123456789abcdef0123456789abcdef0123", "********"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabcd\n-----END RSA PRIVATE KEY-----\n",
            "-----BEGIN RSA PRIVATE KEY-----\n********\n********\n-----END RSA PRIVATE KEY-----\n",
        ),
    ] {
        assert_eq!(masked(text.as_bytes()).as_deref(), Some(wanted), "{text}");
    }
    for plain in [
        "token = tokenizer.next_token()",
        "secret: null",
        "tokens: 50000",
        "token: 100000000",
        "password = os.environ['PASSWORD']",
        "key: value",
        "token_embedding = nn.Embedding(50257, 768)",
    ] {
        assert_eq!(masked(plain.as_bytes()), None, "{plain}");
    }
    assert_eq!(masked(&[0xff, 0xfe, b'p']), None);
}
