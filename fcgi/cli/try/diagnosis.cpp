#include "cli/try/diagnosis.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.h"
#include "cli/try/shapes.h"
#include "config/transform_words.h"
#include "password/column_schemes.h"
#include "password/kdf/digest.h"
#include "password/readings.h"
#include "password/rehash.h"

namespace gatehouse::cli::tries {
namespace {

/// Hashes for other shapes are computed for so long.
constexpr std::chrono::seconds kMostTime{60};

Shape own_shape(const config::Settings& settings) {
  return {"", settings.user.password_transform, settings.user.scheme};
}

password::Policy lenient(password::Policy policy) {
  policy.allow_every_weak = true;
  return policy;
}

/// What the third column looks like where it is no hash.
std::string looks_like(const password::Row& row) {
  if (row.hash == row.name) return "it is the name";
  if (row.hash.find('@') != std::string_view::npos) return "it looks like an e-mail address";
  if (row.hash.find_first_not_of("0123456789") == std::string_view::npos) return "it is a number";
  if (!password::readings(row.salt).empty()) {
    return "the column AS salt has one: are the two in each other's place?";
  }
  return fmt::format("it has {} bytes", row.hash.size());
}

std::string shown(const Shape& shape) {
  std::string text =
      "user.password_transform = " +
      (shape.steps.empty() ? std::string("\"none\"")
                           : fmt::format("[\"{}\"]", fmt::join(shape.steps, "\", \"")));
  if (!shape.schemes.empty()) {
    text += fmt::format(" and user.scheme = \"{}\"", fmt::join(shape.schemes, "\", \""));
  }
  return text;
}

/// Says why the site refuses the row whatever the password is; nothing if it does not.
void tell_refusal(const password::Row& row, const password::Site& site, password::Objection why,
                  Diagnosis::Told& told) {
  if (why != password::Objection::weak_refused) {
    told.lines.push_back(fmt::format("refused: {}", password::to_string(why)));
    return;
  }
  const auto readings = password::readings(row, site.policy.columns.get());
  told.lines.push_back(fmt::format("refused: the scheme is weak; password.allow_weak must name {}",
                                   readings.front().scheme->name));
}

bool uses_key(const std::vector<std::string>& texts) {
  return std::any_of(texts.begin(), texts.end(), [](const std::string& text) {
    return text.find("append") == 0 || text.find("prepend") == 0 || text.find("hmac") == 0 ||
           text.find("key") != std::string::npos;
  });
}

}  // namespace

bool Diagnosis::matches(const Shape& shape, const password::Row& row, const Secret& typed,
                        Tried& tried) const {
  const auto transform =
      password::Transform::parse(shape.steps, password::key_reader(settings_.user));
  auto keys = password::site_keys(settings_.user);
  if (!transform || !keys) return false;
  auto schemes = password::ColumnSchemes::parse(shape.schemes, std::move(*keys));
  if (!schemes) return false;
  password::Policy policy;
  policy.allow_every_weak = true;
  policy.limits = {settings_.password.max_cost.time, settings_.password.max_cost.memory_bytes};
  policy.columns = std::make_shared<const password::ColumnSchemes>(std::move(*schemes));
  const Secret text = transform->text(typed);
  if (text.empty()) return false;
  for (std::size_t i = 0; i < transform->variants(); ++i) {
    const Secret password = transform->apply(text, row, i);
    const std::string schemes_text = fmt::format("{}", fmt::join(shape.schemes, ","));
    if (!tried
             .insert(password::digest_of(password::Digest::sha256,
                                         {schemes_text, "\n", password.view()}))
             .second) {
      continue;  // many steps leave a usual password as it is
    }
    const auto readings = password::computable_readings(row, policy, password.size());
    if (!readings) return false;
    const bool any = std::any_of(readings->begin(), readings->end(), [&](const auto& reading) {
      return password::matches(reading.stored, password);
    });
    if (any) return true;
  }
  return false;
}

std::optional<Shape> Diagnosis::shape_that_matches(const password::Row& row, const Secret& typed,
                                                   Tried& tried) const {
  const auto until = std::chrono::steady_clock::now() + kMostTime;
  for (Shape& shape : shapes_to_try(own_shape(settings_))) {
    if (std::chrono::steady_clock::now() > until) return std::nullopt;
    if (matches(shape, row, typed, tried)) return std::move(shape);
  }
  return std::nullopt;
}

bool Diagnosis::tell_form(const password::Row& row, const password::Site& site, Told& told) const {
  const auto readings = password::readings(row, site.policy.columns.get());
  bool explained = readings.empty();
  if (row.hash.empty()) {
    told.lines.emplace_back(
        "hash: empty: the third column of user.query has none in this row, and nobody can log in");
  } else if (readings.empty()) {
    const auto* const marked = password::find_scheme(row.hash);
    told.lines.push_back(
        marked != nullptr
            ? fmt::format("hash: it begins like {}, but is malformed: is the column too short for "
                          "it?",
                          marked->name)
            : fmt::format("hash: the third column of user.query holds none that is known: {}",
                          looks_like(row)));
  } else {
    told.lines.push_back(fmt::format("hash: {}, {}", password::names_of(readings),
                                     readings.front().stored.kdf->parameters()));
  }
  told.lines.push_back("steps: " + config::transform_text(settings_.user.password_transform));
  for (const std::string& scheme : settings_.user.scheme) {
    if (scheme.find("salt") != std::string::npos && row.salt.empty()) {
      told.lines.push_back(fmt::format(
          "salt: user.scheme {} reads it, and the row has none: user.query must give the column "
          "with AS salt",
          log::quoted(scheme)));
      explained = true;
    }
  }
  return explained;
}

bool Diagnosis::tell_mismatch(const password::Row& row, const password::Site& site,
                              const Secret& typed, bool explained, Tried& tried, Told& told) const {
  const bool compared = !password::readings(row, site.policy.columns.get()).empty();
  told.lines.emplace_back(compared ? "password: it does not match"
                                   : "password: it cannot be compared with this");
  if (const auto shape = shape_that_matches(row, typed, tried)) {
    told.lines.push_back(fmt::format("It would match with {}: {}", shape->whose, shown(*shape)));
    return true;
  }
  if (!compared && !row.hash.empty()) {
    told.lines.emplace_back(
        "Look at user.query, whether its third column is the hash; at user.scheme, which names the "
        "scheme of hashes that bear no mark; and at user.password_transform.");
  }
  if (explained) return false;  // a guess at a wrong password or a pepper would lead away from it
  const bool keyed = !settings_.user.key_file.empty() ||
                     uses_key(settings_.user.password_transform) || uses_key(settings_.user.scheme);
  told.lines.emplace_back(
      keyed ? "No known shape matches: the password is wrong, or the key file holds another key."
            : "No known shape matches: the password is wrong, or the application adds a pepper of "
              "its own (Moodle, Devise, PrestaShop, Dolibarr, Flask-Security and others). If it "
              "does, put it into a file, name that in user.key_file, and try again.");
  return false;
}

Diagnosis::Told Diagnosis::of(const password::Row& row, const Secret& typed) const {
  Told told;
  const auto site = password::site_of(settings_);
  if (!site) {
    told.lines.push_back(site.error().what);
    return told;
  }
  const bool explained = tell_form(row, *site, told);
  const Secret text = site->transform.text(typed);
  if (text.empty()) {
    told.lines.emplace_back("password: it is empty, or the steps make it so");
    return told;
  }
  // The limits come first: what is over them is not computed here either.
  const auto objection = password::computable_readings(row, lenient(site->policy), text.size());
  if (!objection && objection.error() == password::Objection::too_costly) {
    told.lines.push_back(fmt::format("refused: it {}", password::to_string(objection.error())));
    return told;
  }
  const auto computable = password::computable_readings(row, site->policy, text.size());
  Tried tried;
  if (!matches(own_shape(settings_), row, typed, tried)) {
    const bool misread = tell_mismatch(row, *site, typed, explained, tried, told);
    // The right password would be refused as well, and a second round is spared.
    if (!misread && !computable && computable.error() == password::Objection::weak_refused) {
      tell_refusal(row, *site, computable.error(), told);
    }
    return told;
  }
  told.lines.emplace_back("password: it matches");
  told.matches = computable.has_value();
  if (!computable) tell_refusal(row, *site, computable.error(), told);
  return told;
}

}  // namespace gatehouse::cli::tries
