#!/usr/bin/env python3
"""Checks what compiler and build cannot see. Every ban names what to write instead; the checker tests itself first."""
import pathlib
import re
import subprocess
import sys

BANS = [  # pattern, where it applies, instead
    (r'#include "(\.\./|.*/)', ("src", "apps"), "an include in quotes is a file of this folder; use <module/file.h>"),
    (r"\bstd::(cout|cerr)\b", ("src", "apps"), "cli::print, or a message in a Result"),
    (r"\busing namespace (?!std::|pst\b)", ("src", "apps"), "the qualified name (tests may open the room they test)"),
    (r"\b(system_clock|high_resolution_clock)::now\b", ("src", "apps"), "the base::Clock that was passed in"),
    (r"\bstd::(views::|ranges::(unique|remove|remove_if|partition|rotate|search|equal_range|subrange)\b)", ("src", "apps"), "the algorithm over iterators, or base's own: clang 14 cannot read those of its C++ library"),
    (r"\bTODO\b(?!\(#\d+\))", ("src", "apps", "tools", "tests", "bench"), "TODO(#issue), or do it now"),
]
LINES_MAX, COLUMNS_MAX = 520, 110  # of C++; the scripts are prose and tables


def problems(path, text):
    lines = text.splitlines()
    cpp = path.suffix in (".h", ".cpp")
    if cpp and len(lines) > LINES_MAX and "_test" not in path.name:
        yield f"{path}: {len(lines)} lines; {LINES_MAX} are enough for one idea"
    for number, line in enumerate(lines, 1):
        if cpp and len(line) > COLUMNS_MAX and 'R"' not in line and "_test" not in path.name:
            yield f"{path}:{number}: {len(line)} columns; {COLUMNS_MAX} at most"
        for pattern, where, instead in BANS:
            code = line if "TODO" in pattern else line.split("//")[0]
            if "namespace" in pattern and "_test" in path.name:
                continue
            if path.parts[0] in where and path.name != "tidy.py" and re.search(pattern, code):
                yield f"{path}:{number}: write {instead}"
    if path.parts[0] == "src" and path.suffix == ".h" and "#pragma once" not in text[:200]:
        yield f"{path}: begin with #pragma once"


def readers_without_tests(root):
    """Every file that defines a Reader has a test and a fuzz target beside it."""
    for source in sorted((root / "src/extract").glob("*.cpp")):
        if not re.search(r"^const Reader \w+_reader\{", source.read_text(), re.M):
            continue
        for beside in ("_test.cpp", "_fuzz.cpp"):
            if not source.with_name(source.stem + beside).exists():
                yield f"{source.relative_to(root)}: no {source.stem}{beside} beside it"


def parsers_linked_outside_the_worker(root):
    """Only apps/worker may link the readers."""
    text = (root / "apps/CMakeLists.txt").read_text()
    for target in re.findall(r"target_link_libraries\((\S+) PRIVATE ([^)]*)\)", text):
        if target[0] != "custos-worker" and re.search(r"\bextract\b", target[1]):
            yield f"apps/CMakeLists.txt: {target[0]} links the readers; only custos-worker may"


def types_of(text):
    """The types that a file defines for others: NAMESPACE::NAME, outside of unnamed namespaces."""
    inside = []
    for line in text.splitlines():
        if opened := re.match(r"(?:inline )?namespace ([\w:]*)\s*{(?!.*})", line):
            inside.append(opened[1])
        elif re.match(r"}\s*// namespace", line) and inside:
            inside.pop()
        elif (defined := re.match(r"(?:class|struct|enum class|enum) (\w+)(?: final)?(?: : [^;()]*)? {", line)) and "" not in inside:
            yield "::".join([*inside, defined[1]])


def types_defined_twice(files):
    """One name, one type: a second definition elsewhere is undefined behaviour that no compiler or linker tells."""
    first = {}
    for path, text in files:
        if path.parts[0] == "src" and path.suffix in (".h", ".cpp") and not re.search(r"_(test|fuzz|bench)$", path.stem):
            for name in types_of(text):
                if first.setdefault(name, path) != path:
                    yield f"{path}: {name} is defined in {first[name]} as well; give it a name of its own"


def self_test():
    one = "namespace x {\nstruct A {\n};\nnamespace {\nstruct B {\n};\n}  // namespace\n"
    other = "namespace x {\nclass A;\nstruct B {\n};\nclass A {\n"
    pair = [(pathlib.Path("src/x/a.h"), one), (pathlib.Path("src/x/b.cpp"), other)]
    assert [p.split(":")[0] for p in types_defined_twice(pair)] == ["src/x/b.cpp"]
    expected = {
        '#include "../store/sql.h"': 1, '#include "item.h"': 0, "using namespace boost;": 1, "// using namespace": 0,
        "// TODO later": 1, "// TODO(#12) later": 0, "x" * 111: 1, "std::ranges::unique(a)": 1, "std::ranges::sort(a)": 0, "std::cout << 1;": 1,
    }
    for line, count in expected.items():
        found = list(problems(pathlib.Path("src/x/y.cpp"), line))
        assert len(found) == count, (line, found)


def main():
    self_test()
    root = pathlib.Path(__file__).resolve().parent.parent
    names = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.h", "*.cpp", "*.py"], cwd=root, capture_output=True, text=True, check=True).stdout.split()
    files = [(pathlib.Path(n), (root / n).read_text()) for n in sorted(set(names)) if (root / n).exists()]
    found = [p for path, text in files for p in problems(path, text)] + list(types_defined_twice(files))
    found += list(readers_without_tests(root)) + list(parsers_linked_outside_the_worker(root))
    print("\n".join(found) or f"{len(names)} files are in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
