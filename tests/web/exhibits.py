#!/usr/bin/env python3
"""exhibits.py FOLDER   writes what the viewers of the workspace show: a PDF of two pages, a picture, a sound, a table of
300 rows, places. Every file is made here, so that the tests know what must be seen."""
import io
import math
import pathlib
import struct
import sys
import zipfile
import zlib


def pdf(pages):
    """A PDF with a line of Helvetica for each string of each page."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", None, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"]
    kids = []
    for lines in pages:
        shown = " T* ".join("(%s) Tj" % line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in lines)
        stream = f"BT /F 14 Tf 18 TL 72 760 Td {shown} ET"
        objects.append(f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream\n")
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R/Resources<</Font<</F 3 0 R>>>>>>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{body}\nendobj\n"
    at = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{p:010d} 00000 n \n" for p in places)
    return (out + f"trailer<</Root 1 0 R/Size {len(objects) + 1}>>\nstartxref\n{at}\n%%EOF\n").encode("latin-1")


def png(width, height, colour):
    rows = b"".join(b"\0" + bytes(c for x in range(width) for c in colour(x, y)) for y in range(height))
    part = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def wav(seconds, loudness, rate=8000):
    samples = (int(32767 * loudness(n / rate) * math.sin(n * 0.5)) for n in range(int(seconds * rate)))
    data = b"".join(struct.pack("<h", s) for s in samples)
    return b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, rate, rate * 2, 2, 16) + b"data" + struct.pack("<I", len(data)) + data


def mail(html):
    return ("From: Amir <amir@example.org>\r\nTo: Unit <unit@example.org>\r\nDate: Tue, 4 Jul 1995 08:00:00 +0200\r\nSubject: What was seen\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + html)


def docx(body):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr(zipfile.ZipInfo("[Content_Types].xml"), "<Types/>")
        z.writestr(zipfile.ZipInfo("_rels/.rels"), '<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>')
        z.writestr(zipfile.ZipInfo("word/document.xml"), f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>')
    return out.getvalue()


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    write = lambda name, body: (folder / name).write_bytes(body if isinstance(body, bytes) else body.encode())
    report = [f"Line {n} of the inspection." for n in range(1, 31)]
    write("inspection.pdf", pdf([["The convoy left the quarry road at dawn.", *report], ["Second page: the quarry road was empty.", *report]]))
    write("seen.eml", mail("<h1>What was seen</h1><p>They stood at the northern barrier.</p><p style='display:none'>nobody reads this</p>"
                           "<p dir=rtl>وقفوا عند الحاجز الشمالي</p><table border=1><tr><th>Who<th>When<tr><td>Amir<td>dawn</table>"
                           "<img src='https://elsewhere.example.org/photo.png' width=300 height=60 alt='Photo'><script>document.title = 'run'</script>"
                           + "".join(f"<p>Line {n} of what was seen.</p>" for n in range(60)) + "<p>Later the northern barrier was gone.</p>"))
    write("order.docx", docx('<w:p><w:r><w:rPr><w:b/><w:sz w:val="46"/></w:rPr><w:t>iiiiiiii mmmmmmmm</w:t></w:r></w:p><w:p><w:r><w:t xml:space="preserve">Hold the ridge </w:t></w:r>'
                             '<w:del w:author="X"><w:r><w:delText>until noon</w:delText></w:r></w:del></w:p>'))
    write("bridge.png", png(320, 200, lambda x, y: (200, 40, 40) if x < 160 else (40, 40, 200)))
    write("call.wav", wav(4, lambda t: 0.8 if 1 <= t < 2 else 0.05))
    write("lorries.csv", "number,plate,seen\n" + "".join(f"{n},AB-{1000 + n},{'quarry road' if n == 250 else 'depot'}\n" for n in range(1, 301)))
    for number, (name, latitude, longitude) in enumerate([("bridge", 43.3376, 17.815), ("depot", 43.3402, 17.8101), ("harbour", -4.0435, 39.6682)]):
        when = f"1995-0{number + 5}-12T08:00:00Z"
        write(f"{name}.gpx", f'<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><metadata><time>{when}</time></metadata><wpt lat="{latitude}" lon="{longitude}"><time>{when}</time><name>The {name} on the map</name></wpt></gpx>')
    write("statement 1993.txt", "Statement of 4 July 1993. The village was quiet.\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
