#include "cli/check_nginx.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <istream>
#include <iterator>
#include <ostream>
#include <system_error>

#include "base/error.h"
#include "base/log.h"
#include "cli/command_line.h"
#include "cli/nginx_program.h"
#include "cli/progress.h"
#include "config/suggestion.h"
#include "http/json.h"
#include "nginx/files.h"
#include "nginx/guarded.h"
#include "nginx/judges.h"
#include "nginx/rules.h"
#include "nginx/socket.h"
#include "user/demand.h"

namespace gatehouse::cli {
namespace {

Result<std::string> read_text(const std::string& file, std::istream& in) {
  SystemPrograms programs;
  if (file.empty()) return nginx_dump(programs);
  if (file == "-") return std::string(std::istreambuf_iterator<char>(in), {});
  auto text = nginx::read_whole(file);
  if (text) return std::move(*text);
  const bool refused = ::access(file.c_str(), R_OK) != 0;
  return fail(Error::Kind::invalid, fmt::format("{}: cannot be read: {}", file,
                                                refused ? std::generic_category().message(errno)
                                                        : "it must be a file, of at most 16 MiB"));
}

}  // namespace

Result<nginx::Site> read_nginx_site(const std::string& file, std::istream& in) {
  const auto text = read_text(file, in);
  if (!text) return tl::unexpected(text.error());
  auto configuration =
      nginx::read_configuration(*text, file.empty() || file == "-" ? "nginx.conf" : file);
  if (!configuration) return tl::unexpected(configuration.error());
  return nginx::Site::build(std::move(*configuration));
}

std::string_view nginx_remedy() {
  return ::geteuid() == 0 ? "Mend what nginx refuses (`nginx -t` tries it)"
                          : "Run this as root, since nginx reads keys and opens logs";
}

std::vector<nginx::Finding> nginx_findings(const nginx::Site& site,
                                           const std::string& worker_by_default) {
  auto findings = nginx::inspect(
      site, [](std::string_view demand) { return user::Demand::parse(demand).has_value(); });
  auto closed = nginx::socket_findings(site, worker_by_default);
  std::move(closed.begin(), closed.end(), std::back_inserter(findings));
  return findings;
}

namespace {

bool is_open(const nginx::Finding& finding) {
  return finding.weight == nginx::Finding::Weight::open;
}

void print(const std::vector<nginx::Finding>& findings, const Output& output) {
  for (const auto& finding : findings) {
    const Style style = is_open(finding) ? Style::bad : Style::warning;
    output.out << fmt::format(
        "{}: {}: {}\n    {}\n", to_string(finding.place),
        output.terminal.styled(style, (is_open(finding) ? "" : "warning: ") + finding.rule),
        finding.what, finding.mend);
  }
}

std::string as_json(const std::vector<nginx::Finding>& findings) {
  http::JsonWriter json;
  json.begin_object().key("findings").begin_array();
  for (const auto& finding : findings) {
    json.begin_object().key("file").text(*finding.place.file);
    json.key("line").number(static_cast<std::uint64_t>(finding.place.line));
    json.key("rule").text(finding.rule);
    json.key("weight").text(is_open(finding) ? "open" : "warning");
    json.key("what").text(finding.what).key("mend").text(finding.mend).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

/// Says that there is no rule of that name. Without this a slip would find nothing and say "ok".
Result<void> look_for_rules(const std::vector<std::string>& rules) {
  const auto names = nginx::finding_names();
  for (const auto& rule : rules) {
    if (std::find(names.begin(), names.end(), rule) != names.end()) continue;
    const auto near = config::nearest(rule, names);
    return fail(Error::Kind::invalid,
                fmt::format("there is no rule {}. {}", log::quoted(rule),
                            near.empty() ? fmt::format("The rules are: {}", fmt::join(names, ", "))
                                         : fmt::format("Did you mean \"{}\"?", near)));
  }
  return {};
}

std::vector<nginx::Finding> find(const CheckNginx& what, const nginx::Site& site,
                                 const Output& output) {
  const Progress progress("going through the configuration", output.err, output.err_terminal);
  auto findings = nginx_findings(site);
  std::erase_if(findings, [&](const auto& finding) {
    return !what.rules.empty() &&
           std::find(what.rules.begin(), what.rules.end(), finding.rule) == what.rules.end();
  });
  return findings;
}

/// Whether any line of the configuration asks Gatehouse.
bool protects_something(const nginx::Site& site) {
  constexpr long kMostSteps = 1'000'000;
  nginx::Judges judges(site, kMostSteps);
  return !nginx::guarded_places(site, judges).empty();
}

/// Says that nothing was found. If that is because nothing is protected, "ok" alone would mislead.
void print_ok(const nginx::Site& site, std::ostream& out) {
  out << site.configuration().name << ": ok";
  if (!protects_something(site)) out << ", but no location of it asks Gatehouse: all is open";
  out << '\n';
}

int usage_error(const Error& error, const Output& output) {
  output.err << error.what << '\n';
  return kUsageError;
}

}  // namespace

int check_nginx(const CheckNginx& what, std::istream& in, const Output& output) {
  if (const auto known = look_for_rules(what.rules); !known) {
    return usage_error(known.error(), output);
  }
  const auto site = read_nginx_site(what.file, in);
  if (!site && what.file.empty()) {
    return usage_error(
        {site.error().kind, fmt::format("{}\n{}; or name a configuration with --file "
                                        "FILE",
                                        site.error().what, nginx_remedy())},
        output);
  }
  if (!site) return usage_error(site.error(), output);
  const auto findings = find(what, *site, output);
  const bool somebody_gets_in = std::any_of(findings.begin(), findings.end(), is_open);
  if (what.json) {
    output.out << as_json(findings) << '\n';
  } else {
    print(findings, output);
    if (!somebody_gets_in) print_ok(*site, output.out);
  }
  return somebody_gets_in ? kProblems : kOk;
}

}  // namespace gatehouse::cli
