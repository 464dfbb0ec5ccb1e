#include "cli/try/shapes.h"

#include <algorithm>
#include <string>

#include "password/application_shapes.h"
#include "password/shape/lists.h"

namespace gatehouse::cli::tries {
namespace {

void add_normal_forms(const Shape& own, std::vector<Shape>& all) {
  for (const char* const form : {"nfc", "nfkc", "nfd", "nfkd"}) {
    Shape shape{"the steps of the site after a normal form of Unicode", own.steps, own.schemes};
    shape.steps.insert(shape.steps.begin(), form);
    all.push_back(std::move(shape));
  }
}

void add_without_one(const Shape& own, std::vector<Shape>& all) {
  for (std::size_t i = 0; i < own.steps.size(); ++i) {
    Shape shape{"the steps of the site without " + own.steps[i], own.steps, own.schemes};
    shape.steps.erase(shape.steps.begin() + static_cast<std::ptrdiff_t>(i));
    all.push_back(std::move(shape));
  }
}

/// All orders of up to five steps: 120.
void add_orders(const Shape& own, std::vector<Shape>& all) {
  constexpr std::size_t kMostSteps = 5;
  if (own.steps.size() < 2 || own.steps.size() > kMostSteps) return;
  std::vector<std::string> order = own.steps;
  std::sort(order.begin(), order.end());
  do {
    if (order != own.steps) {
      all.push_back({"the steps of the site in another order", order, own.schemes});
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace

std::vector<Shape> shapes_to_try(const Shape& own) {
  std::vector<Shape> all;
  add_normal_forms(own, all);
  add_without_one(own, all);
  add_orders(own, all);
  for (const auto& known : password::application_shapes()) {
    const auto steps = password::split_list(known.transform);
    const auto schemes = password::split_list(known.scheme);
    const std::string whose = "what " + std::string(known.application) + " does";
    all.push_back({whose, steps, schemes});
    // The steps of one application and the scheme of the site, as a plug-in may have made it.
    if (schemes.empty() && !own.schemes.empty()) all.push_back({whose, steps, own.schemes});
  }
  return all;
}

}  // namespace gatehouse::cli::tries
