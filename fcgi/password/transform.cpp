#include "password/transform.h"

#include <fmt/format.h>

#include <utility>

#include "base/log.h"
#include "password/format/fields.h"
#include "password/kdf/kdf.h"

namespace gatehouse::password {
namespace {

std::string known_steps() {
  std::string names;
  for (const TextStep& step : text_steps()) names.append(step.name).append(", ");
  return names +
         "append(…), prepend(…), hmac-sha256(…), hmac-sha384(…), hmac-sha512(…), md5, sha1, "
         "sha256, "
         "sha384, sha512, or digests over password, salt, key and name";
}

Error about(std::string_view step, const Error& error) {
  const bool unknown = error.what == "is unknown";
  return {error.kind, fmt::format("the step {} {}{}", log::quoted(step), error.what,
                                  unknown ? ": the steps are " + known_steps() : "")};
}

}  // namespace

Result<Transform> Transform::parse(std::span<const std::string> steps, const KeyReader& keys) {
  Transform transform;
  if (steps.size() > kMostSteps) {
    return fail(Error::Kind::invalid, fmt::format("has more than {} steps", kMostSteps));
  }
  for (const std::string& step : steps) {
    if (transform.mix_ && ascii_lower(step) == "none") {
      transform.mix_->allow_none();
      continue;
    }
    if (transform.mix_) {
      return fail(Error::Kind::invalid,
                  fmt::format("the step {} follows one that mixes or hashes the password, which "
                              "must be the last",
                              log::quoted(step)));
    }
    const TextStep* const known = text_step_named(ascii_lower(step));
    if (known != nullptr) {
      transform.steps_.push_back(known);
      continue;
    }
    auto mix = Mix::parse(step, keys);
    if (!mix) return tl::unexpected(about(step, mix.error()));
    transform.mix_ = std::move(*mix);
  }
  return transform;
}

Secret Transform::text(const Secret& typed) const {
  Secret text = Secret::copy_of(typed.view());
  for (const TextStep* const step : steps_) {
    text = step->apply(text.view());
    if (text.size() > kLongestText) return {};
  }
  return text;
}

Secret Transform::kept(const Secret& typed) const {
  Secret text = Secret::copy_of(typed.view());
  for (const TextStep* const step : steps_) {
    if (!step->escapes) text = step->apply(text.view());
    if (text.size() > kLongestText) return {};
  }
  return text;
}

Secret Transform::apply(const Secret& text, const Row& row, std::size_t variant) const {
  return mix_ ? mix_->apply(text, row, variant) : Secret::copy_of(text.view());
}

std::size_t usual_bytes(const Transform& transform) {
  const Secret usual(std::string(kUsualPasswordBytes, 'p'));
  return transform.apply(transform.text(usual), row_of_nobody()).size();
}

Row row_of_nobody() noexcept {
  return {"", "somebody", "0123456789abcdef"};
}

}  // namespace gatehouse::password
