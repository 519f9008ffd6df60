#pragma once
// Figures that the office sets, out of a vocabulary: a code each, with its "number".

#include <kinds/records.h>
#include <risk/risk.h>

#include <cmath>
#include <initializer_list>

namespace protection {

struct Figure {
  std::string_view code;
  double least, most;
  std::string_view range;  // of both, in words
  double* to;
};
// Refuses: invalid (which code is missing or beyond its range).
base::Status read_figures(const boost::json::object& vocabulary, std::string_view name,
                          std::initializer_list<Figure> figures);

// The vocabulary risk_model.
risk::Model model_of(const kinds::Declared& declared);

// The rows of a field.
std::vector<const boost::json::object*> rows_of(const boost::json::object& values, std::string_view name);

inline double rounded(double x, double to) { return std::round(x * to) / to; }  // to: 10, 100, ...

// What is brought by each part.
void bring_costs(kinds::Records& records);
void bring_hypotheses(kinds::Records& records);
void bring_patterns(kinds::Records& records);

}  // namespace protection
