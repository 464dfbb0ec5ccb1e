#include "cli/check/service_user.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string_view>
#include <utility>

namespace gatehouse::cli::checks {
namespace {

// What the child found goes through a pipe as a list of records: a letter for the kind, and fields
// that each end with a NUL byte, which no field holds.

enum class Kind : char { problem = 'p', warning = 'w', note = 'n', output = 'o' };

class Writer {
 public:
  void add(Kind kind, std::string_view what, const config::Problem* place = nullptr) {
    text_ += static_cast<char>(kind);
    field(place == nullptr ? "" : place->file.string());
    field(place == nullptr ? "0" : std::to_string(place->line));
    field(what);
    field(place == nullptr ? "" : place->remedy);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void field(std::string_view value) {
    for (const char c : value) text_ += c == '\0' ? '?' : c;
    text_ += '\0';
  }
  std::string text_;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }
  /// The kind of the next record, of which `problem` gets the fields.
  Kind next(config::Problem& problem) {
    const Kind kind{text_.front()};
    text_.remove_prefix(1);
    problem.file = field();
    const std::string_view line = field();
    std::from_chars(line.data(), line.data() + line.size(), problem.line);
    problem.what = field();
    problem.remedy = field();
    return kind;
  }

 private:
  std::string_view field() {
    const auto end = std::min(text_.find('\0'), text_.size());
    const std::string_view value = text_.substr(0, end);
    text_.remove_prefix(std::min(end + 1, text_.size()));
    return value;
  }
  std::string_view text_;
};

/// Everything that `findings` has beyond the first so many, and what was written.
std::string records_of(const Findings& findings, const Findings& before,
                       const std::string& output) {
  Writer writer;
  for (std::size_t i = before.problems().size(); i < findings.problems().size(); ++i) {
    const auto& one = findings.problems()[i];
    writer.add(Kind::problem, one.what, &one);
  }
  for (std::size_t i = before.warnings().size(); i < findings.warnings().size(); ++i) {
    const auto& one = findings.warnings()[i];
    writer.add(Kind::warning, one.what, &one);
  }
  for (std::size_t i = before.notes().size(); i < findings.notes().size(); ++i) {
    writer.add(Kind::note, findings.notes()[i]);
  }
  writer.add(Kind::output, output);
  return writer.take();
}

void add_records(std::string_view records, Findings& findings, std::ostream& out) {
  Reader reader(records);
  while (!reader.at_end()) {
    config::Problem record;
    switch (reader.next(record)) {
      case Kind::problem:
        findings.add(std::move(record));
        break;
      case Kind::warning:
        findings.warn(std::move(record));
        break;
      case Kind::note:
        findings.note(std::move(record.what));
        break;
      case Kind::output:
        out << record.what;
        break;
    }
  }
}

}  // namespace

void look_as(const SystemUser& user, Findings& findings, std::ostream& out,
             const std::function<void(Findings& findings, std::ostream& out)>& part) {
  const auto said = said_as_user(user, [&] {
    Findings mine = findings;
    std::ostringstream written;
    part(mine, written);
    return records_of(mine, findings, written.str());
  });
  if (said) return add_records(*said, findings, out);
  findings.add(
      {{}, 0, fmt::format("what the service's user meets is not known: {}", said.error().what)});
}

}  // namespace gatehouse::cli::checks
