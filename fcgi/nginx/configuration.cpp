#include "nginx/configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "nginx/files.h"
#include "nginx/shipped.h"

namespace gatehouse::nginx {
namespace {

constexpr int kDeepestInclude = 16;
constexpr std::size_t kLargestText = 16 << 20;
constexpr std::size_t kMostIncluded = 200'000;
constexpr std::string_view kFolder = "gatehouse/";
constexpr std::string_view kInstalledFolder = "nginx/";

/// Reads the first file and puts each included file in the place of its `include`.
class ConfigurationReader {
 public:
  explicit ConfigurationReader(Files files) : files_(std::move(files)) {}

  Result<Configuration> run() {
    configuration_.name = files_.first();
    auto all = file(files_.first(), 0);
    if (!all) return tl::unexpected(all.error());
    configuration_.directives = std::move(*all);
    return std::move(configuration_);
  }

 private:
  Result<std::vector<Directive>> file(const std::string& name, int depth) {
    const auto text = files_.read(name);
    if (!text) return fail(Error::Kind::invalid, name + ": cannot be read");
    if (const auto ours = snippet_name(name); !ours.empty()) {
      configuration_.snippets.push_back({std::string(ours), name, *text});
    }
    return text_of(*text, name, depth);
  }

  Result<std::vector<Directive>> text_of(std::string_view text, const std::string& name,
                                         int depth) {
    auto parsed = parse(text, name);
    if (!parsed) return tl::unexpected(parsed.error());
    std::move(parsed->comments.begin(), parsed->comments.end(),
              std::back_inserter(configuration_.comments));
    return with_includes(std::move(parsed->directives), depth);
  }

  Result<std::vector<Directive>> with_includes(std::vector<Directive> directives, int depth) {
    std::vector<Directive> all;
    for (auto& directive : directives) {
      if (++count_ > kMostIncluded) {
        return fail(Error::Kind::invalid, to_string(directive.place) + ": too many directives");
      }
      if (directive.name == "include" && !directive.has_block) {
        auto more = included(directive, depth);
        if (!more) return more;
        std::move(more->begin(), more->end(), std::back_inserter(all));
        continue;
      }
      auto inner = with_includes(std::move(directive.block), depth);
      if (!inner) return inner;
      directive.block = std::move(*inner);
      all.push_back(std::move(directive));
    }
    return all;
  }

  Result<std::vector<Directive>> included(const Directive& include, int depth) {
    const std::string pattern(include.argument(0));
    if (depth == kDeepestInclude) {
      return fail(
          Error::Kind::invalid,
          to_string(include.place) + ": includes are nested too deep; does a file include itself?");
    }
    const auto names = files_.named_by(pattern);
    configuration_.includes.push_back({include.place, pattern, names.size(), false});
    if (names.empty() && !is_pattern(pattern)) return stand_in(include, pattern, depth);
    std::vector<Directive> all;
    for (const auto& name : names) {
      auto more = file(name, depth + 1);
      if (!more) return more;
      std::move(more->begin(), more->end(), std::back_inserter(all));
    }
    return all;
  }

  /// Takes the program's own copy of a snippet that is not there, since a site's file may be
  /// checked on a machine without Gatehouse.
  Result<std::vector<Directive>> stand_in(const Directive& include, const std::string& pattern,
                                          int depth) {
    const auto ours = snippet_name(pattern);
    if (ours.empty()) {
      return fail(Error::Kind::invalid,
                  fmt::format("{}: there is no file {}", to_string(include.place), pattern));
    }
    configuration_.includes.back().shipped = true;
    return text_of(shipped_snippet(ours), pattern, depth + 1);
  }

  Files files_;
  Configuration configuration_;
  std::size_t count_ = 0;
};

}  // namespace

std::string_view shipped_snippet(std::string_view name) {
  const auto all = shipped_files();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  return found == all.end() ? std::string_view() : found->text;
}

std::string_view snippet_name(std::string_view file) {
  const auto at = file.rfind(kFolder);
  if (at == std::string_view::npos || (at > 0 && file[at - 1] != '/')) return {};
  auto name = file.substr(at + kFolder.size());
  if (name.starts_with(kInstalledFolder)) name.remove_prefix(kInstalledFolder.size());
  return shipped_snippet(name).empty() ? std::string_view() : name;
}

Result<Configuration> read_configuration(std::string_view text, const std::filesystem::path& file) {
  if (text.size() > kLargestText) {
    return fail(Error::Kind::invalid, file.string() + ": more than 16 MiB");
  }
  auto dump = Files::of_dump(text);
  return ConfigurationReader(dump ? std::move(*dump) : Files::of_plain(text, file)).run();
}

}  // namespace gatehouse::nginx
