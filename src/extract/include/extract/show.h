#pragma once
// What a screen shows of an item beside its text: the picture of a page with the places of its words, and how
// loud a sound is over time. Made of hostile bytes, so only inside the worker; told as plain numbers, never
// as a file of any format, so that whoever is outside makes the file that a browser gets.

#include <extract/reader.h>

namespace extract {

// Kinds of what is told by Sink::derived().
// u32 width and height, little-endian, then width x height x 3 bytes: red, green, blue, row by row.
inline constexpr std::string_view kPicture = "picture";
// JSON: [[x, y, width, height, "word"], ...] in the order of reading, in ten-thousandths of the picture. Of
// the words that stand in the page; those of recognition are known since the item was read.
inline constexpr std::string_view kWords = "words";
// Of a document that has no pages of its own and was set by us: JSON [[part, "words of the page"], ...] of
// all its pages; the part is the page of the item's text (a sheet, a slide) that they were made of. Told
// beside: "set", "styled" or "text" (its reader gives no more), and "set.cut" when not all of it is set.
inline constexpr std::string_view kPageTexts = "page.texts";
// A byte for each fiftieth of a second, the loudest moment in it: 0 silence, 255 as loud as can be.
inline constexpr std::string_view kPeaks = "peaks";
inline constexpr unsigned kPeaksASecond = 50;

inline constexpr std::uint32_t kPictureSideMax = 4000;  // pixels of either side of a picture
inline constexpr std::uint64_t kPicturePixelsMax = 9'000'000;
inline constexpr std::uint64_t kPeaksMax = 24ull * 3600 * kPeaksASecond;

// Draws a page, from 1: `width` pixels wide if that is within the limits; pictures are made smaller, never
// larger. Tells "pages" as a property. Refuses: unsupported (no picture is made of this type), not_found (no
// such page), exhausted, damaged.
base::Status draw(Source& source, const Request& request, std::uint32_t page, std::uint32_t width,
                  Sink& sink);
// Refuses: unsupported (no sound in it, or none that can be decoded), damaged.
base::Status measure(Source& source, const Request& request, Sink& sink);

}  // namespace extract
