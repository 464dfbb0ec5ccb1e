/// Finds out why a password does not match a row of the user table.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/settings.h"
#include "password/row.h"
#include "password/site.h"

namespace gatehouse::cli::tries {

/// What a password is tried with: the steps and the scheme of the site, or others.
struct Shape {
  std::string whose;                 ///< "what phpBB 3.3 does"
  std::vector<std::string> steps;    ///< as in user.password_transform
  std::vector<std::string> schemes;  ///< as in user.scheme
};

/// Whether a password matches a row, and with which shape it would. It computes hashes within
/// password.max_cost, of weak schemes too: it lets nobody in. None of its lines holds anything of a
/// password or a hash.
class Diagnosis {
 public:
  /// `settings` must outlive it.
  explicit Diagnosis(const config::Settings& settings) : settings_(settings) {}

  struct Told {
    std::vector<std::string> lines;
    bool matches = false;  ///< with the steps and the scheme of the site, and the site allows it
  };
  [[nodiscard]] Told of(const password::Row& row, const Secret& typed) const;

 private:
  /// What was tried: digests of schemes and password.
  using Tried = std::set<std::string>;
  [[nodiscard]] bool matches(const Shape& shape, const password::Row& row, const Secret& typed,
                             Tried& tried) const;
  [[nodiscard]] std::optional<Shape> shape_that_matches(const password::Row& row,
                                                        const Secret& typed, Tried& tried) const;
  /// True if the row itself explains why no password matches.
  bool tell_form(const password::Row& row, const password::Site& site, Told& told) const;
  /// True if the site takes the row for another scheme, or the password for one with other steps.
  bool tell_mismatch(const password::Row& row, const password::Site& site, const Secret& typed,
                     bool explained, Tried& tried, Told& told) const;

  const config::Settings& settings_;
};

}  // namespace gatehouse::cli::tries
