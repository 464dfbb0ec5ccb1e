/// Reads and writes JSON strictly (RFC 8259, in UTF-8 as RFC 3629 defines it), over RapidJSON.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace gatehouse::http {

/// One expected member of a body. A value that is neither a text nor a boolean is `other`.
struct Field {
  enum class Kind { absent, text, boolean, other };
  Kind kind = Kind::absent;
  Secret text;  ///< may hold NUL bytes ("\u0000")
  /// The value of a boolean. For the text of a form it says whether it is `on`, as a ticked box
  /// sends.
  bool truth = false;
};

/// Returns the top-level members of these names, in the order of `names`. All are absent if the
/// body is JSON but not an object. Other members are checked and skipped. `invalid` for what is not
/// JSON (also for invalid UTF-8 or surrogates, a byte order mark, trailing text, more than 16
/// levels), and if one of `names` stands twice (RFC 7493 §2.3). The body is overwritten.
[[nodiscard]] Result<std::vector<Field>> parse_json_fields(Secret body,
                                                           std::span<const std::string_view> names);

/// Puts a JSON text together in the order of the calls. The caller must call in an order that makes
/// a valid text. Texts are UTF-8. Not thread-safe.
class JsonWriter {
 public:
  JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;
  ~JsonWriter();

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& number(std::uint64_t value);
  JsonWriter& boolean(bool value);
  [[nodiscard]] std::string take();

 private:
  struct Impl;  // keeps RapidJSON to json.cpp
  std::unique_ptr<Impl> impl_;
};

/// Writes a flat object whose values are texts.
[[nodiscard]] std::string json_object(
    std::initializer_list<std::pair<std::string_view, std::string_view>> members);

}  // namespace gatehouse::http
