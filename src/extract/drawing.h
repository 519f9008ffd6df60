#pragma once
// The parts of extract::draw(), and how a picture is told.

#include "ocr.h"

#include <extract/show.h>

namespace extract {

// How much smaller a page of this size is drawn: 1 or less; 0 when the size is not sane.
double drawn_scale(double width, double height, std::uint32_t wanted_width);
void tell_picture(const char* rgb, int width, int height, int stride, Sink& sink);
// A picture of any depth, with its palette and transparency resolved on white.
base::Status tell_picture(Picture picture, std::uint32_t wanted_width, Sink& sink);

base::Status draw_pdf(Source& source, const Request& request, std::uint32_t page, std::uint32_t width,
                      Sink& sink);
base::Status draw_image(Source& source, const Request& request, std::uint32_t page, std::uint32_t width,
                        Sink& sink);

}  // namespace extract
