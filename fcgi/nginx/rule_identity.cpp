// Finds ways by which a visitor passes for another in an application that is told the name.
//
// `identity-dropped`: a location has a proxy_set_header (or fastcgi_param) of its own.
//     location ^~ /app/ { auth_request gatehouse:*; proxy_set_header Remote-User $gatehouse_user;
//                         location /app/api/ { proxy_set_header X-Api 1; proxy_pass http://app; } }
//   nginx then inherits none of the outer ones, so a header Remote-User that the visitor sends
//   reaches the application unchanged. It is a warning if the application just learns no name.
// `identity-overwritten`: REMOTE_USER is passed twice, last as $remote_user, the unverified name
//   of Basic credentials. PHP takes the last one.
// `identity-missing`: nginx tells an application the name at one location, and passes requests
//   to the same application at another without the header, so that the visitor's own header
//   counts there.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "base/encoding.h"
#include "nginx/access.h"
#include "nginx/identity.h"
#include "nginx/resource.h"
#include "nginx/rules.h"

namespace gatehouse::nginx {
namespace {

using Weight = Finding::Weight;
using Lines = std::vector<const Directive*>;

/// The lines that `level` would inherit if the level whose lines hold here had none.
Lines outer_lines(const Level& level, std::string_view name) {
  const Level* owner = level.owner({name});
  if (!owner || !owner->outer) return {};
  return owner->outer->list({name});
}

const char* snippet_for(const Directive& handler) {
  return handler.name == "proxy_pass" ? "include gatehouse/snippets/identity-proxy.conf;"
                                      : "include gatehouse/snippets/identity-fastcgi.conf;  # last";
}

/// Those of the lines that pass on what Gatehouse says.
Lines telling(const Identity& identity, const Lines& lines) {
  Lines found;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(found),
               [&](const auto* line) { return identity.is_told_by(*line); });
  return found;
}

/// True if one of the lines sets the header to something that the visitor does not choose.
bool sets(const Lines& lines, std::string_view name) {
  return std::any_of(lines.begin(), lines.end(), [&](const auto* line) {
    return equal_ignoring_case(line->argument(0), name) && !Identity::is_the_visitors_word(*line);
  });
}

class LostIdentity {
 public:
  explicit LostIdentity(const Inspection& inspection)
      : inspection_(inspection), identity_(inspection.site) {}

  void look() {
    for (const auto* level : applications()) remember(*level);
    for (const auto* level : applications()) look_at(*level);
  }

 private:
  /// The locations that pass requests on to an application, not to Gatehouse.
  [[nodiscard]] std::vector<const Level*> applications() const {
    std::vector<const Level*> all;
    for (const auto* server : inspection_.site.servers()) {
      for (const auto* level : Site::levels(*server)) {
        const Directive* handler = handler_of(*level);
        const bool passes = level->is_location() && handler && !parameters_of(*handler).empty();
        if (passes && !is_gatehouse(*level, *handler)) all.push_back(level);
      }
    }
    return all;
  }

  static bool is_gatehouse(const Level& level, const Directive& handler) {
    if (handler.argument(0) == "gatehouse") return true;
    const auto lines = level.list({"fastcgi_param"});
    return std::any_of(lines.begin(), lines.end(), [](const auto* line) {
      return line->argument(0).starts_with("GATEHOUSE_");
    });
  }

  /// Notes the line that tells an application the name, if the location is protected.
  void remember(const Level& level) {
    const Directive& handler = *handler_of(level);
    if (handler.name != "proxy_pass" || !auth_request_of(level)) return;
    const auto lines = telling(identity_, level.list({parameters_of(handler)}));
    if (!lines.empty())
      told_.emplace(upstream_of(handler.argument(0), inspection_.site).server, lines.front());
  }

  void look_at(const Level& level) {
    const Directive& handler = *handler_of(level);
    const auto name = parameters_of(handler);
    const Lines lines = level.list({name});
    if (identity_.is_told_by(lines)) {
      if (handler.name == "fastcgi_pass") look_at_order(lines);
      return;
    }
    const Lines outer = telling(identity_, outer_lines(level, name));
    if (!outer.empty()) {
      dropped(level, handler, lines, *outer.front());
    } else if (const auto known =
                   told_.find(upstream_of(handler.argument(0), inspection_.site).server);
               known != told_.end()) {
      missing(level, handler, lines, *known->second);
    }
  }

  /// Looks for a second REMOTE_USER: PHP takes the last of two parameters.
  void look_at_order(const Lines& lines) {
    const Directive* told = nullptr;
    for (const auto* line : lines) {
      if (line->argument(0) != "REMOTE_USER") continue;
      if (identity_.is_told_by(*line)) {
        told = line;
      } else if (told && Identity::is_the_visitors_word(*line)) {
        add(Weight::open, "identity-overwritten", line->place,
            fmt::format(
                "whoever is in passes for anybody, by the name of a Basic login: it comes after "
                "the line of {}",
                to_string(told->place)),
            "include gatehouse/snippets/identity-fastcgi.conf;  # below this");
      }
    }
  }

  void dropped(const Level& level, const Directive& handler, const Lines& lines,
               const Directive& outer) {
    const bool is_proxy = handler.name == "proxy_pass" || handler.name == "grpc_pass";
    const bool is_told_lies =
        is_proxy
            ? !sets(lines, outer.argument(0))
            : std::any_of(lines.begin(), lines.end(), [](const auto* line) {
                return line->argument(0) == "REMOTE_USER" && Identity::is_the_visitors_word(*line);
              });
    const Place place = lines.empty() ? level.place() : lines.front()->place;
    add(is_told_lies ? Weight::open : Weight::warning, "identity-dropped", place,
        is_told_lies
            ? fmt::format("{} passes for anybody: `{}` has lines of its own and drops `{}` ({})",
                          auth_request_of(level) ? "whoever is in" : "everyone", level.text(),
                          outer.text(), to_string(outer.place))
            : fmt::format(
                  "the application learns no name: `{}` has lines of its own and drops `{}` ({})",
                  level.text(), outer.text(), to_string(outer.place)),
        snippet_for(handler));
  }

  void missing(const Level& level, const Directive& handler, const Lines& lines,
               const Directive& told) {
    if (sets(lines, told.argument(0))) return;
    add(Weight::open, "identity-missing", level.place(),
        fmt::format(
            "{} passes for anybody in this application, by a header {} of their own: elsewhere "
            "({}) it is nginx who sets it",
            auth_request_of(level) ? "whoever is in" : "everyone", told.argument(0),
            to_string(told.place)),
        snippet_for(handler));
  }

  void add(Weight weight, const char* rule, const Place& place, std::string what,
           std::string mend) {
    inspection_.findings.add({weight, rule, place, std::move(what), std::move(mend)});
  }

  const Inspection& inspection_;
  Identity identity_;
  /// The line that tells an application the name, by the application's server.
  std::map<std::string, const Directive*> told_;
};

}  // namespace

void look_for_lost_identity(const Inspection& inspection) {
  if (!inspection.guarded.empty()) LostIdentity(inspection).look();
}

}  // namespace gatehouse::nginx
