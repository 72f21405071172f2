//! Where JSON texts are broken into lines.

/// The items of a JSON list, or the entries of a JSON object, as they stand in its text; `json` is such a text
/// without white space.
pub(super) fn items(json: &str) -> Vec<&str> {
    let inside = &json[1..json.len() - 1];
    let (mut items, mut depth, mut first) = (Vec::new(), 0_usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                items.push(&inside[first..at]);
                first = at + 1;
            }
            _ => {}
        }
    }
    if !inside.is_empty() {
        items.push(&inside[first..]);
    }
    items
}

/// A list with one item a line, in a line that is indented by so many spaces.
pub(super) fn lines<T: AsRef<str>>(items: &[T], indent: usize) -> String {
    if items.is_empty() {
        return "[]".to_owned();
    }
    let (inner, outer) = (" ".repeat(indent + 2), " ".repeat(indent));
    let items: Vec<String> = items.iter().map(|item| format!("{inner}{}", item.as_ref())).collect();
    format!("[\n{}\n{outer}]", items.join(",\n"))
}

/// An object with one entry a line, and of entries that are lists of objects one object a line.
pub(super) fn object(json: &str, indent: usize) -> String {
    let (inner, outer) = (" ".repeat(indent + 2), " ".repeat(indent));
    let entry = |entry: &&str| match entry.split_once(':') {
        Some((key, list)) if list.starts_with("[{") => format!("{inner}{key}: {}", lines(&items(list), indent + 2)),
        Some((key, value)) => format!("{inner}{key}: {value}"),
        None => format!("{inner}{entry}"),
    };
    let entries: Vec<String> = items(json).iter().map(entry).collect();
    format!("{{\n{}\n{outer}}}", entries.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_inside_do_not_part() {
        let text = r#"{"a":[1,2],"b,{":{"c":"x\"],","d":[]},"e":null}"#;
        assert_eq!(items(text), [r#""a":[1,2]"#, r#""b,{":{"c":"x\"],","d":[]}"#, r#""e":null"#]);
        assert_eq!(items("[]"), Vec::<&str>::new());
        assert_eq!(
            object(r#"{"a":[{"b":1},{"c":2}],"d":3}"#, 0),
            "{\n  \"a\": [\n    {\"b\":1},\n    {\"c\":2}\n  ],\n  \"d\": 3\n}"
        );
    }
}
